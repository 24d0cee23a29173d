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

/// A repository of a few files.
struct Folder<'a>(&'a Files, Vec<(String, FileId)>);

impl Loader for Folder<'_> {
    fn load(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        let own = self.0.path(from);
        let mut parts: Vec<&str> = own.split('/').collect();
        parts.pop();
        for part in path.split('/').filter(|part| *part != ".") {
            if part == ".." { parts.truncate(parts.len().saturating_sub(1)) } else { parts.push(part) }
        }
        let wanted = parts.join("/");
        let found = self.1.iter().find(|(path, _)| *path == wanted).map(|(_, id)| *id);
        found.ok_or(LoadError::NotFound(wanted))
    }

    fn load_bytes(&self, _: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

/// Evaluates the first of `written`; also gives the files that are only parts of it.
fn run_all(format: &dyn Format, written: &[(&str, &str)]) -> (Files, Evaluated, Vec<String>) {
    let files = Files::new();
    let ids: Vec<(String, FileId)> = written.iter().map(|(path, text)| ((*path).to_owned(), files.add(*path, *text))).collect();
    let first = ids[0].1;
    let options = Options::default();
    let (evaluated, parts) = {
        let folder = Folder(&files, ids);
        let context = Context { files: &files, loader: &folder, recognised: &[], options: &options };
        let units = format.units(first, &context);
        let parts = format.modules(first, &context).into_iter().map(|id| files.path(id).to_string()).collect();
        (format.evaluate(&units[0], &context), parts)
    };
    (files, evaluated, parts)
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
fn reusable_workflows_composite_actions_and_scripts_stand_where_they_are_called() {
    let caller = "on: { push: { branches: [main] } }\njobs:\n  test: { uses: ./.github/workflows/test.yml }\n  prod:\n    needs: test\n    uses: ./.github/workflows/deploy.yml\n    with: { where: production }\n";
    let test = "on: { workflow_call: {} }\njobs:\n  unit: { runs-on: x, steps: [{ run: pytest }] }\n";
    let deploy = "on: { workflow_call: { inputs: { where: { type: string, default: staging } } } }\njobs:\n  ship:\n    runs-on: x\n    environment: ${{ inputs.where }}\n    steps:\n      - uses: ./.github/actions/ship\n        with: { app: shop }\n";
    let action = "runs:\n  using: composite\n  steps:\n    - run: ./scripts/deploy.sh ${{ inputs.app }}\n      shell: bash\n";
    let script = "#!/bin/bash\nset -e\naz webapp deploy --name shop --src-path app.zip\ncurl --fail https://shop/health\n";
    let (files, evaluated, parts) = run_all(
        &GitHubWorkflow,
        &[
            (".github/workflows/cd.yml", caller),
            (".github/workflows/test.yml", test),
            (".github/workflows/deploy.yml", deploy),
            (".github/actions/ship/action.yml", action),
            ("scripts/deploy.sh", script),
        ],
    );
    let ship = job(&evaluated, "prod/ship");
    for (path, wanted) in [("deploys", true), ("before.runsTests", true), ("after.smokeTests", true)] {
        assert_eq!(flag(ship, path), Some(wanted), "{path}");
    }
    assert_eq!(ship.environment.as_deref(), Some("production"));
    let deploys = ship.body.get("deploys").unwrap().span();
    assert_eq!(&*files.path(deploys.file), "scripts/deploy.sh");
    assert_eq!(files.text(deploys), "az webapp deploy --name shop --src-path app.zip");
    assert!(parts.contains(&".github/workflows/deploy.yml".to_owned()), "{parts:?}");
}

#[test]
fn templates_stand_where_they_are_named_with_their_parameters() {
    let root = "trigger: [main]\nextends:\n  template: templates/all.yml\n  parameters: { target: production }\n";
    let all = "parameters: [{ name: target, type: string }, { name: python, type: string, default: '3.12' }]\nstages:\n- stage: Test\n  jobs:\n  - template: jobs/test.yml\n    parameters: { python: '${{ parameters.python }}' }\n- ${{ if eq(parameters.target, 'production') }}:\n  - stage: Ship\n    jobs:\n    - deployment: web\n      environment: ${{ parameters.target }}\n      strategy: { runOnce: { deploy: { steps: [{ template: steps/ship.yml }, { template: gone.yml@other }] } } }\n";
    let test = "parameters: { python: '3.8' }\njobs:\n- job: unit\n  steps:\n  - task: UsePythonVersion@0\n    inputs: { versionSpec: '${{ parameters.python }}' }\n  - script: pytest\n";
    let ship = "steps:\n- task: AzureWebApp@1\n  inputs: { azureSubscription: sc, appName: shop }\n";
    let (files, evaluated, parts) = run_all(
        &AzurePipeline,
        &[("azure-pipelines.yml", root), ("templates/all.yml", all), ("templates/jobs/test.yml", test), ("templates/steps/ship.yml", ship)],
    );
    let web = job(&evaluated, "Ship/web");
    assert_eq!((flag(web, "deploys"), flag(web, "before.runsTests")), (Some(true), Some(true)));
    assert!(web.body.path("after.smokeTests").unwrap().is_unknown(), "a template of another repository may do it");
    assert_eq!(web.environment.as_deref(), Some("production"));
    assert_eq!(&*files.path(web.body.get("deploys").unwrap().span().file), "templates/steps/ship.yml");
    let python = job(&evaluated, "Test/unit").body.get("runtimes").unwrap().to_json().to_string();
    assert_eq!(python, r#"[{"name":"python","version":"3.12"}]"#);
    assert_eq!(parts.len(), 3);
}

#[test]
fn templates_and_workflows_that_call_themselves_end() {
    let (_, evaluated, _) = run_all(&AzurePipeline, &[("a.yml", "trigger: [main]\nstages:\n- template: a.yml\n- template: a.yml\n")]);
    assert!(evaluated.resources.len() < 50_000);
    let text = "on: { workflow_call: {} }\njobs:\n  a: { uses: ./.github/workflows/a.yml }\n  b: { uses: ./.github/workflows/a.yml }\n";
    let (_, evaluated, _) = run_all(&GitHubWorkflow, &[(".github/workflows/a.yml", text)]);
    assert!(evaluated.resources.len() < 1_000);
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
