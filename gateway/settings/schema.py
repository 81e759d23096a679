"""The configuration as JSON Schema, for editors: one schema a kind of file, from the same models that validate it."""

from typing import Any, Literal

from pydantic import TypeAdapter

from gateway.settings.gateway import GatewayFile
from gateway.settings.partner import Partner
from gateway.settings.route import Route

Kind = Literal["gateway", "partner", "routes"]

MODELS: dict[Kind, Any] = {"gateway": GatewayFile, "partner": Partner, "routes": tuple[Route, ...]}
FILES: dict[Kind, str] = {"gateway": "gateway.yaml", "partner": "partners/<name>.yaml", "routes": "routes.yaml"}


def json_schema(kind: Kind) -> dict[str, Any]:
    schema = TypeAdapter(MODELS[kind]).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": FILES[kind]}
