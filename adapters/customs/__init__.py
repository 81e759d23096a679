"""Customs' formats: their shapes, their rules as dated tables, their pointers."""
