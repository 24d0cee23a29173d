use super::super::tree::{ExprKind, Member, StatementKind, Syntax};
use super::*;

fn clean(text: &str) -> Program {
    let program = parse(text);
    assert_eq!(program.problems, [], "{text}");
    program
}

#[test]
fn precedence_follows_the_language() {
    let program = clean("var a = b ?? c || d && e == f + g * -h ? 1 : 2\n");
    let [statement] = program.statements.as_slice() else { panic!("one statement") };
    let StatementKind::Var(var) = &statement.kind else { panic!("a variable") };
    let ExprKind::Ternary(parts) = &var.value.kind else { panic!("a ternary") };
    assert!(matches!(parts[0].kind, ExprKind::Binary(TokenKind::DoubleQuestion, ..)));
}

#[test]
fn operators_may_start_a_line_but_signs_may_not() {
    clean("var a = b\n  && c\n  || d\nvar e = b\n  ? 1\n  : 2\n");
    let program = clean("var a = [\n  1\n  -2\n]\n");
    let StatementKind::Var(var) = &program.statements[0].kind else { panic!("a variable") };
    assert!(matches!(&var.value.kind, ExprKind::Array(items) if items.len() == 2));
}

#[test]
fn every_statement_is_read() {
    let program = clean(
        "targetScope = 'subscription'\nmetadata m = 'x'\n@description('d')\nparam p string? = null\nvar v int = 1\n\
         type t = {\n  a: string\n  *: int\n}\ntype u = | 'a' | -1\nfunc f(a string, b t[]) string => '${a}'\n\
         resource r 'A.B/c@2020-01-01' existing = {\n  name: 'r'\n  resource n 'd' = [for (x, i) in xs: if (i > 0) {\n    name: x\n  }]\n}\n\
         module m2 'br/public:avm/res/a/b:1.0' = if (p == null) {\n  params: {\n    ...v\n  }\n}\n\
         output o array = map([1, 2], (x, i) => x.?y[?0]!.z::w[^1])\nassert ok = true\ntest tt 'a.bicep' = {\n}\n\
         extension kubernetes with {\n  a: 1\n} as k8s\nimport { a, b as c\n 'd' as e } from 'x.bicep'\nimport * as all from 'y.bicep'\n",
    );
    assert_eq!(program.statements.len(), 15);
}

#[test]
fn parameter_files_are_read() {
    let program =
        clean("using none\nextends 'base.bicepparam'\nparam a = readEnvironmentVariable('A', 'b')\nextensionConfig x with {\n}\n");
    assert_eq!(program.statements.len(), 4);
}

#[test]
fn one_bad_statement_does_not_lose_the_others() {
    let program = parse("param a string\nvar b = {\n  c: [\nparam d int\nresource e = {\n}\noutput f string = 'g'\n");
    assert!(!program.problems.is_empty());
    let named = |kind: &StatementKind| matches!(kind, StatementKind::Param(_) | StatementKind::Output(_));
    assert_eq!(program.statements.iter().filter(|statement| named(&statement.kind)).count(), 3);
}

#[test]
fn one_bad_property_does_not_lose_the_resource() {
    let program = parse("resource a 'A/b@1' = {\n  name: 'x'\n  bad bad: {\n    c: 1\n  }\n  tags: {}\n}\n");
    let StatementKind::Resource(resource) = &program.statements[0].kind else { panic!("a resource") };
    let ExprKind::Object(members) = &resource.body.kind else { panic!("an object") };
    let pairs = members.iter().filter(|member| matches!(member, Member::Pair(..))).count();
    assert_eq!((pairs, program.problems.len()), (2, 1));
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{a:", "}"), ("!", ""), ("f(", ")"), ("a ? b : ", "")] {
        let text = format!("var a = {}1{}\n", open.repeat(50_000), close.repeat(50_000));
        let program = parse(&text);
        assert!(program.problems.iter().any(|problem| matches!(problem.syntax, Syntax::TooDeep(_))), "{open}");
    }
    for link in [".b", "[0]", "!", "::c", " + 1"] {
        let program = parse(&format!("var a = b{}\nvar c = 1\n", link.repeat(50_000)));
        assert!(program.problems.iter().any(|problem| matches!(problem.syntax, Syntax::TooDeep(_))), "{link}");
        assert_eq!(program.statements.len(), 1, "{link}");
    }
    let types = parse(&format!("type a = {}\n", "string[]?".repeat(20_000)));
    assert!(!types.problems.is_empty());
}

#[test]
fn a_huge_file_is_refused() {
    let program = parse(&" ".repeat(Parser::MAX_BYTES + 1));
    assert!(matches!(program.problems.as_slice(), [Problem { syntax: Syntax::TooLarge(_), .. }]));
}
