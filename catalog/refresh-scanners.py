#!/usr/bin/env python3
"""Makes scanners.toml: the rules of scanners of Terraform with the resource types they complain about.

usage: python3 catalog/refresh-scanners.py FOLDER > catalog/scanners.toml

FOLDER holds the unpacked packages of the versions below (`pip download --no-deps checkov==… tf-nag==…`, then unzip). Their
sources are read, not run. Kept are the rules about the types that deployer.json knows, which are those that archc writes.
"""
import ast, glob, json, os, sys

VERSIONS = {"checkov": "3.3.30", "tf-nag": "0.1.6"}
HOME = os.path.dirname(os.path.abspath(__file__))


def texts(node, names):
    """The string constants of a list, a tuple, a sum of them, or a name that stands for one."""
    if isinstance(node, ast.Name):
        return texts(names.get(node.id), {})
    if isinstance(node, ast.BinOp):
        return texts(node.left, names) + texts(node.right, names)
    return [item.value for item in getattr(node, "elts", []) if isinstance(item, ast.Constant)]


def assigned(tree):
    """What is assigned to names anywhere in a file."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            names[node.target.id] = node.value
    return names


def checkov(folder):
    rules = {}
    for path in glob.glob(folder + "/checkov/terraform/checks/resource/aws/*.py"):
        tree = ast.parse(open(path).read())
        names = assigned(tree)
        given = {node.arg: node.value for node in ast.walk(tree) if isinstance(node, ast.keyword)}
        rule = given.get("id")
        rule = names.get(rule.id) if isinstance(rule, ast.Name) else rule
        if isinstance(rule, ast.Constant):
            rules.setdefault(rule.value, set()).update(texts(given.get("supported_resources"), names))
    for path in glob.glob(folder + "/checkov/terraform/checks/graph_checks/aws/*.json"):
        check = json.load(open(path))
        rules.setdefault(check["metadata"]["id"], set()).update(complained_about(check["definition"]))
    return rules


def complained_about(definition):
    """The types a graph check filters by, and those of alternatives; without either, those whose attributes it looks at."""
    filters, looked_at = [], []

    def walk(node):
        if isinstance(node, list):
            [walk(item) for item in node]
        elif isinstance(node, dict):
            if node.get("cond_type") == "filter" and node.get("attribute") == "resource_type":
                value = node["value"]
                filters.extend(value if isinstance(value, list) else [value])
            elif "resource_types" in node:
                looked_at.extend(node["resource_types"])
            [walk(value) for value in node.values()]

    walk(definition)
    alternatives = definition.get("or", []) if isinstance(definition, dict) else []
    plain = [kind for part in alternatives for kind in part.get("resource_types", [])]
    return filters + plain or looked_at


def tf_nag(folder):
    rules = {}
    for path in glob.glob(folder + "/tfnag/rules/**/*.py", recursive=True):
        tree = ast.parse(open(path).read())
        names = assigned(tree)
        for node in ast.walk(tree):
            is_rule = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "rule" and len(node.args) > 2
            if is_rule and isinstance(node.args[0], ast.Constant):
                rules[node.args[0].value] = set(texts(node.args[2], names))
    return rules


def main():
    known = set(json.load(open(HOME + "/deployer.json"))["types"])
    print("# Rules of scanners of Terraform, with the resource types that they complain about: a `waive` that names one is written into")
    print("# what Terraform those services have. Made by refresh-scanners.py from the packages' own sources.")
    for name, read in (("checkov", checkov), ("tf-nag", tf_nag)):
        rules = {rule: sorted(known & set(types)) for rule, types in read(sys.argv[1]).items()}
        rules = {rule: types for rule, types in sorted(rules.items()) if types}
        print(f'\n[[scanner]]\nname = "{name}"\nversion = "{VERSIONS[name]}"\n[scanner.rules]')
        for rule, types in rules.items():
            print(f"{rule} = {json.dumps(types)}")
        print(f"{name}: {len(rules)} rules", file=sys.stderr)


main()
