"""Which of the sender's facts stands behind a fact that a pack adds: findings and customs' pointers end there.

>>> origin("goods_items[2].tariff_code", ALIKE), origin("consignor.name", ALIKE)
('goods_items[2].hs_code', 'consignor.name')
"""

import re

Origins = tuple[tuple[re.Pattern[str], str], ...]
"""Model paths as they are declared, each with the one of the sender."""

ALIKE: Origins = (
    (re.compile(r"(goods_items\[\d+\])\.tariff_code"), r"\1.hs_code"),
    (re.compile(r"(goods_items\[\d+\])\.(gross_mass|number)"), r"\1.net_mass"),
    (re.compile(r"goods_items\[\d+\]\.(procedure|additional_procedures)\b.*"), "nature"),
)
"""What every authority's goods items are made of."""


def origin(model_path: str, origins: Origins) -> str:
    """The sender's fact behind a declared one; the path itself where the sender said it as it is declared."""
    for declared, said in origins:
        if declared.fullmatch(model_path):
            return declared.sub(said, model_path)
    return model_path
