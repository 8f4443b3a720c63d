"""Trims what `terraform show -json` writes to what a test needs: attributes without a value, schema versions, provider names, what is
sensitive and what only repeats are left out.

usage: python3 trim.py plan.json > tests/cases/import/NAME.json
"""
import json
import sys

DROPPED = {"sensitive_values", "schema_version", "provider_name", "provider_config_key", "depends_on", "resource_changes", "output_changes",
           "outputs", "relevant_attributes", "checks", "timestamp", "tags", "user_data", "before_sensitive", "after_sensitive"}


def trim(value):
    if isinstance(value, dict):
        # A statement without resources is not one whose resources are not known yet.
        kept = {key: trim(inner) for key, inner in value.items() if key not in DROPPED}
        return {key: inner for key, inner in kept.items() if inner not in (None, [], {})}
    if isinstance(value, list):
        return [trim(inner) for inner in value]
    return value


document = trim(json.load(open(sys.argv[1], encoding="utf-8")))
json.dump(document, sys.stdout, ensure_ascii=False, indent=None, separators=(",", ":"))
print()
