#!/usr/bin/env python3
"""Breaks one function or one lowering rule at a time and shows that the scores notice.

Every change below is made in a copy of the sources, behind a switch, so that one build serves them all; nothing of it is in the program.
Each is then switched on alone while the conformance test that should see it runs. Ends with 1 if a broken rule goes unseen.
Usage: tests/mutations.py [--write]; --write makes the page reports/mutations.md. Needs the corpora; one build, then some seconds a change.
"""

import os, re, shutil, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ("functions::functions_return_what_bicep_returns", "functions.vectors")
LOWERING = ("bicep::lowering::resources_equal_the_compiled_ones", "bicep-lowering")
LIBRARY, LOWER = "src/expression/functions/", "src/format/bicep/lower/"
ON = "crate::is_broken()"

# What is broken, the score that must fall, the file, the text there, and what it becomes with the switch.
CHANGES = [
    ("`toUpper` leaves small letters", FUNCTIONS, LIBRARY + "strings.rs", "text.to_ascii_uppercase()", f"if {ON} {{ text.to_owned() }} else {{ text.to_ascii_uppercase() }}"),
    ("`last` takes the first", FUNCTIONS, LIBRARY + "arrays.rs", "end(args, true)", f"end(args, !{ON})"),
    ("`max` takes the smallest", FUNCTIONS, LIBRARY + "numbers.rs", "|candidate, best| candidate > best", f"|candidate, best| if {ON} {{ candidate < best }} else {{ candidate > best }}"),
    ("`uniqueString` hashes without its first letter", FUNCTIONS, LIBRARY + "hash.rs", "base32(murmur(seed(args)?.as_bytes()))", f"base32(murmur(seed(args)?.as_bytes().get(usize::from({ON})..).unwrap_or_default()))"),
    ("`guid` knows no name space", FUNCTIONS, LIBRARY + "hash.rs", "chain_update(NAMESPACE)", f"chain_update(if {ON} {{ [0; 16] }} else {{ NAMESPACE }})"),
    ("`&&` becomes `or`", LOWERING, LOWER + "expression.rs", 'T::LogicalAnd => "and"', f'T::LogicalAnd => if {ON} {{ "or" }} else {{ "and" }}'),
    ("`!=` loses its `not`", LOWERING, LOWER + "expression.rs", "if operator == T::NotEquals {", f"if operator == T::NotEquals && !{ON} {{"),
    ("`??` becomes `createArray`", LOWERING, LOWER + "expression.rs", 'T::DoubleQuestion => "coalesce"', f'T::DoubleQuestion => if {ON} {{ "createArray" }} else {{ "coalesce" }}'),
    ("`.?` becomes `.`", LOWERING, LOWER + "access.rs", "        if safe {\n            let output", f"        if safe && !{ON} {{\n            let output"),
    ("children forget the condition of their parent", LOWERING, LOWER + "resource.rs", "match (around, own.flatten()) {", f"match (around.filter(|_| !{ON}), own.flatten()) {{"),
    ("`@batchSize` is not serial", LOWERING, LOWER + "resource.rs", "batch_size.is_some().then(", f"(batch_size.is_some() && !{ON}).then("),
    ("a module in another subscription stays in this one", LOWERING, LOWER + "module.rs", "deployment.subscription_id = Some(as_node(subscription.unwrap_or_else(subscription_of), span));", f"deployment.subscription_id = Some(as_node(subscription.filter(|_| !{ON}).unwrap_or_else(subscription_of), span));"),
]


def copy(to: Path):
    shutil.rmtree(to, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def change(to: Path):
    for number, (what, _, name, old, new) in enumerate(CHANGES):
        file = to / name
        text = file.read_text()
        if text.count(old) != 1:
            sys.exit(f"{name} holds `{old}` {text.count(old)} times, not once: correct the change `{what}`")
        file.write_text(text.replace(old, new.replace(ON, f"crate::is_broken({number})")))
    switch = '\n#[doc(hidden)]\npub fn is_broken(number: usize) -> bool {\n    static CHOSEN: std::sync::OnceLock<Option<usize>> = std::sync::OnceLock::new();\n    *CHOSEN.get_or_init(|| std::env::var("AZWARD_BROKEN").ok()?.parse().ok()) == Some(number)\n}\n'
    with (to / "src/lib.rs").open("a") as lib:
        lib.write(switch)


def main():
    corpora = Path(os.environ.get("AZWARD_CORPORA", ROOT / "../shared/corpora")).resolve()
    if not corpora.is_dir():
        sys.exit("the corpora are not on this machine: set AZWARD_CORPORA")
    to = ROOT / "target/tmp/mutations"
    copy(to)
    change(to)
    environment = os.environ | {"AZWARD_CORPORA": str(corpora), "CARGO_TARGET_DIR": str(ROOT / "target")}
    build = ["cargo", "test", "--quiet", "--test", "oracle", "--no-run", "--message-format", "json"]
    built = subprocess.run(build, cwd=to, env=environment, stdout=subprocess.PIPE, text=True)
    program = re.findall(r'"executable":"([^"]*/oracle-[^"]*)"', built.stdout)
    if built.returncode or not program:
        sys.exit("the changed sources do not compile")

    def run(test, score, number=None):
        chosen = {} if number is None else {"AZWARD_BROKEN": str(number)}
        done = subprocess.run([program[-1], test, "--exact", "--nocapture"], cwd=to, env=environment | chosen, capture_output=True, text=True)
        found = re.search(rf"score {re.escape(score)}: ([\d.]+)", done.stdout)
        if not found:
            sys.exit(f"{test} printed no score:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return float(found[1])

    whole = {test: run(*test) for test in (FUNCTIONS, LOWERING)}
    rows, unseen = [], 0
    for number, (what, test, *_) in enumerate(CHANGES):
        broken = run(*test, number)
        unseen += broken >= whole[test]
        rows.append(f"| {what} | {test[1]} | {whole[test]:.2f} | {broken:.2f} |")
        print(f"score mutation: {what}: {test[1]} falls from {whole[test]:.2f} to {broken:.2f}" + (" NOT SEEN" if broken >= whole[test] else ""), flush=True)
    print(f"score mutations-seen: {len(CHANGES) - unseen} of {len(CHANGES)}")
    if "--write" in sys.argv[1:]:
        head = "# Broken on purpose\n\n`tests/mutations.py --write` makes this page: each function or lowering rule is broken alone in a copy of the sources, and the\nscore that should notice is taken again.\n\n| broken | score | whole | broken |\n|---|---|---|---|\n"
        (ROOT / "reports/mutations.md").write_text(head + "\n".join(rows) + "\n")
    sys.exit(1 if unseen else 0)


main()
