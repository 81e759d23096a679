"""Element tables from XML Schemas: what of a schema the gateway's grammars hold."""
