//! The lexer and the parser: every valid file, tokens and syntax trees as Microsoft has them, no harm from invalid ones.

use std::path::PathBuf;
use std::time::Instant;

use azward::format::bicep::{lexer::lex, parser::parse, walk::walk};

use super::baseline::{Columns, common, is_valid_source, marks, source_of};
use crate::support::{corpus, files, score};

fn bicep_files() -> Option<Vec<PathBuf>> {
    let roots = [corpus("bicep-samples")?, corpus("avm-dev")?];
    Some(roots.iter().flat_map(|root| [files(root, ".bicep"), files(root, ".bicepparam")]).flatten().collect())
}

#[test]
fn valid_files_have_no_problems() {
    let Some(all) = bicep_files() else { return };
    let valid: Vec<_> = all.into_iter().filter(|path| is_valid_source(path)).collect();
    let (mut clean, mut bytes, mut spent) = (0, 0, 0.0);
    for path in &valid {
        let text = std::fs::read_to_string(path).unwrap();
        let start = Instant::now();
        let program = parse(&text);
        spent += start.elapsed().as_secs_f64();
        bytes += text.len();
        match program.problems.first() {
            None => clean += 1,
            Some(problem) => {
                let line = text[..problem.at.start as usize].matches('\n').count() + 1;
                println!("{}:{line}: {}", path.display(), problem.syntax);
            }
        }
    }
    println!("parsed {} files, {:.1} MB, {:.1} MB/s", valid.len(), bytes as f64 / 1e6, bytes as f64 / 1e6 / spent);
    assert!(valid.len() > 1000, "only {} files", valid.len());
    score("bicep-parse", 100.0 * f64::from(clean) / valid.len() as f64);
}

#[test]
fn invalid_files_do_no_harm() {
    let Some(all) = bicep_files() else { return };
    let invalid: Vec<_> = all.into_iter().filter(|path| path.to_string_lossy().contains("/Invalid")).collect();
    assert!(invalid.len() > 50);
    for path in invalid {
        let text = std::fs::read_to_string(&path).unwrap();
        let start = Instant::now();
        let program = parse(&text);
        assert!(start.elapsed().as_secs_f64() < 1.0, "{} took {:?}", path.display(), start.elapsed());
        walk(&program, &text, &mut |_, at| assert!(text.get(at.start as usize..at.end as usize).is_some()));
    }
}

#[test]
fn tokens_equal_the_baselines() {
    compare("tokens", |text| {
        let columns = Columns::new(text);
        lex(text).tokens.iter().map(|token| columns.mark(token.at.start, token.at.end, &format!("{:?}", token.kind))).collect()
    });
}

#[test]
fn syntax_equals_the_baselines() {
    compare("syntax", |text| {
        let columns = Columns::new(text);
        let mut marks = Vec::new();
        walk(&parse(text), text, &mut |kind, at| marks.push(columns.mark(at.start, at.end, kind)));
        marks
    });
}

fn compare(kind: &str, ours: impl Fn(&str) -> Vec<super::baseline::Mark>) {
    let Some(root) = corpus("bicep-samples") else { return };
    let suffixes = [format!(".{kind}.bicep"), format!(".{kind}.bicepparam")];
    let (mut equal, mut total, mut exact, mut count) = (0, 0, 0, 0);
    for annotated in suffixes.iter().flat_map(|suffix| files(&root, suffix)) {
        let source = source_of(&annotated, kind);
        if !is_valid_source(&source) {
            continue;
        }
        let expected = marks(&std::fs::read_to_string(&annotated).unwrap(), |rest| {
            let name = rest.trim_start_matches(['|', '├', '─', '└', ' ']);
            let name = name.split([' ', '\r']).next().unwrap();
            (!name.starts_with("Token(") && name != "SkippedTriviaSyntax").then(|| name.to_owned())
        });
        let ours = ours(&std::fs::read_to_string(&source).unwrap());
        let same = common(&expected, &ours);
        if same < expected.len().max(ours.len()) {
            let missing: Vec<_> = expected.iter().filter(|mark| !ours.contains(mark)).take(3).collect();
            let extra: Vec<_> = ours.iter().filter(|mark| !expected.contains(mark)).take(3).collect();
            println!("{}: {same} of {}; missing {missing:?}, extra {extra:?}", annotated.display(), expected.len());
        } else {
            exact += 1;
        }
        count += 1;
        equal += same;
        total += expected.len().max(ours.len());
    }
    println!("{kind}: {equal} of {total}, {exact} of {count} files exact");
    assert!(count >= 30);
    score(&format!("bicep-{kind}"), 100.0 * f64::from(u32::try_from(equal).unwrap()) / total as f64);
}
