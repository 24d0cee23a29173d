//! What workflows and pipelines mean.

use proptest::prelude::*;

use super::{AzurePipeline, GitHubWorkflow};
use crate::format::{Context, Format, Options};
use crate::model::{Evaluated, FileId, Files, LoadError, Loader, Resource, Value};

struct Nothing;

impl Loader for Nothing {
    fn load(&self, _: FileId, path: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    fn load_bytes(&self, _: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

fn run(format: &dyn Format, path: &str, text: &str) -> (Files, Evaluated) {
    let files = Files::new();
    let file = files.add(path, text);
    let options = Options::default();
    let context = Context { files: &files, loader: &Nothing, recognised: &[], options: &options };
    let units = format.units(file, &context);
    let evaluated = format.evaluate(&units[0], &context);
    (files, evaluated)
}

fn job<'a>(evaluated: &'a Evaluated, address: &str) -> &'a Resource {
    evaluated.resources.iter().find(|resource| resource.address == address).expect("there is such a job")
}

fn flag(resource: &Resource, path: &str) -> Option<bool> {
    resource.body.path(path).and_then(Value::as_bool)
}

const DEPLOY: &str = "on: { push: { branches: [main] } }\njobs:\n  test:\n    steps:\n      - run: |\n          pip install -r r.txt\n          pytest || true\n  \
    lint: { needs: test, steps: [{ run: ruff check . }] }\n  ship:\n    needs: [lint]\n    environment: { name: production }\n    steps:\n      \
    - uses: azure/webapps-deploy@v3\n        with: { app-name: x }\n      - run: curl -f https://x/health\n";

#[test]
fn a_job_knows_what_came_before_and_after_its_deployment() {
    let (files, evaluated) = run(&GitHubWorkflow, ".github/workflows/d.yml", DEPLOY);
    let ship = job(&evaluated, "ship");
    assert_eq!(ship.body.get("needsClosure").unwrap().to_json().to_string(), r#"["test","lint"]"#);
    for (path, wanted) in
        [("deploys", true), ("before.runsTests", true), ("before.lints", true), ("before.smokeTests", false), ("after.smokeTests", true)]
    {
        assert_eq!(flag(ship, path), Some(wanted), "{path}");
    }
    assert_eq!(ship.body.get("environmentKind").and_then(Value::as_str), Some("production"));
    assert_eq!(files.text(ship.body.path("before.migrates").unwrap().span()), "azure/webapps-deploy@v3");
    let bypass = &job(&evaluated, "test").body.get("bypasses").unwrap().as_array().unwrap()[0];
    assert_eq!(files.text(bypass.span()), "pytest || true");
}

#[test]
fn what_another_workflow_did_is_unknown() {
    let text = DEPLOY.replace("on: { push: { branches: [main] } }", "on: { workflow_run: { workflows: [ci] } }");
    let (_, evaluated) = run(&GitHubWorkflow, ".github/workflows/d.yml", &text);
    assert!(job(&evaluated, "ship").body.path("before.scansSecurity").unwrap().is_unknown());
    assert_eq!(flag(job(&evaluated, "ship"), "before.runsTests"), Some(true));
}

#[test]
fn stages_of_azure_pipelines_follow_each_other() {
    let text = "trigger: [main]\nstages:\n- stage: Build\n  jobs:\n  - job: b\n    steps:\n    - script: python -m pytest\n- stage: Prod\n  jobs:\n  \
        - deployment: web\n    environment: shop-prod\n    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - task: AzureWebApp@1\n            \
        inputs: { azureSubscription: sc }\n        on: { failure: { steps: [{ task: AzureAppServiceManage@0 }] } }\n- stage: Other\n  dependsOn: []\n  jobs: [{ job: o, steps: [{ script: az webapp deploy }] }]\n";
    let (_, evaluated) = run(&AzurePipeline, "azure-pipelines.yml", text);
    let web = job(&evaluated, "Prod/web");
    assert_eq!((flag(web, "before.runsTests"), flag(web, "after.rollsBack")), (Some(true), Some(true)));
    assert_eq!(web.body.get("environmentKind").and_then(Value::as_str), Some("production"));
    assert_eq!(web.body.get("loginMethods").unwrap().to_json().to_string(), r#"["serviceConnection"]"#);
    assert_eq!(flag(job(&evaluated, "Other/o"), "before.runsTests"), Some(false));
    assert_eq!(evaluated.resources.iter().filter(|resource| resource.is("AzurePipelines/stages")).count(), 3);
}

#[test]
fn broken_files_are_a_note_with_a_line() {
    let (files, evaluated) = run(&GitHubWorkflow, "a.yml", "on: push\njobs:\n  a: [1, 2\n  b: }\n");
    assert!(evaluated.resources.is_empty() && evaluated.entries.len() == 1);
    assert!(files.place(evaluated.notes[0].span).is_some());
    let (_, list) = run(&AzurePipeline, "a.yml", "- 1\n- 2\n");
    assert_eq!(list.notes.len(), 1);
}

#[test]
fn circles_end() {
    let (_, evaluated) = run(&GitHubWorkflow, "a.yml", "jobs:\n  a: { needs: b, steps: [{ run: pytest }] }\n  b: { needs: [a, b, c] }\n");
    assert_eq!(job(&evaluated, "a").body.get("needsClosure").unwrap().to_json().to_string(), r#"["b"]"#);
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm_and_places_are_inside(text in "[ -~\n]{0,200}|(?s).{0,80}") {
        for format in [&GitHubWorkflow as &dyn Format, &AzurePipeline] {
            for text in [text.clone(), DEPLOY.replacen("test", &text, 1)] {
                let (files, evaluated) = run(format, "a.yml", &text);
                for resource in &evaluated.resources {
                    prop_assert!(resource.place.end as usize <= text.len() && files.place(resource.place).is_some());
                }
            }
        }
    }
}
