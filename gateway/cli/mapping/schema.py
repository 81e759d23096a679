"""`gateway mapping schema`: the language of tables for editors."""

import json

from gateway.cli.report import Report, command_of


@command_of("schema", enveloped=False)
def schema(report: Report) -> None:
    """Print the JSON Schema of tables, for editors.

    It also stands in config/mapping.schema.json. An editor with the YAML language server takes it for all tables of a
    folder by its setting yaml.schemas, or for one table by its first line: # yaml-language-server: $schema=FILE
    """
    from gateway.mapping.editor import json_schema

    report.raw(json.dumps(json_schema(), indent=2, ensure_ascii=False).encode() + b"\n")
