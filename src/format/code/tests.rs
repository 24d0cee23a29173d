use super::*;
use crate::format::Options;
use crate::model::{Files, LoadError, Loader, Resource};
use proptest::prelude::*;

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

fn evaluate(files: &Files, path: &str, text: &str) -> Option<Resource> {
    let options = Options::default();
    let file = files.add(path, text);
    let context = Context { files, loader: &Nothing, recognised: &[], options: &options };
    let unit = Code.units(file, &context).remove(0);
    Code.evaluate(&unit, &context).resources.pop()
}

fn at(resource: &Resource, path: &str) -> serde_json::Value {
    resource.body.path(&format!("properties.{path}")).map_or(serde_json::Value::Null, Value::to_json)
}

const APP: &str = r#"
import redis.asyncio as aioredis
from sqlalchemy.ext.asyncio import create_async_engine as make
from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware
POOL = 10
# create_engine("commented out")
DOC = "redis.Redis(host='in a text')"
router = APIRouter(prefix="/health")
engine = make(URL, pool_size=POOL, pool_recycle=30 * 60, **more)
cache = aioredis.from_url("rediss://cache.example:6380", retry_on_timeout=True)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
class Settings(BaseSettings):
    pass
@router.get("/ready")
async def ready():
    try:
        check()
    except Exception as error:
        return JSONResponse({"status": "unhealthy", "why": str(error)})
@mock.patch("a.b")
def other(): ...
"#;

#[test]
fn calls_have_full_names_and_literal_arguments() {
    let files = Files::new();
    let resource = evaluate(&files, "app/main.py", APP).unwrap();
    let calls = at(&resource, "calls");
    let names: Vec<&str> = calls.as_array().unwrap().iter().map(|call| call["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sqlalchemy.ext.asyncio.create_async_engine", "redis.asyncio.from_url", "app.add_middleware", "JSONResponse"]);
    assert_eq!(calls[0]["keywords"], serde_json::json!({ "pool_size": 10, "pool_recycle": 1800 }));
    assert_eq!((&calls[0]["open"], &calls[0]["target"]), (&true.into(), &"engine".into()));
    assert_eq!(calls[2]["arguments"], serde_json::json!(["starlette.middleware.cors.CORSMiddleware"]));
    assert_eq!(calls[2]["keywords"]["allow_origins"], serde_json::json!(["*"]));
    assert_eq!(calls[3]["function"], "ready");
}

#[test]
fn routes_carry_their_prefix_and_what_a_probe_answers() {
    let files = Files::new();
    let resource = evaluate(&files, "app/main.py", APP).unwrap();
    let expected = serde_json::json!([{ "path": "/health/ready", "function": "ready", "saysUnhealthy": true, "setsStatus": false }]);
    assert_eq!(at(&resource, "routes"), expected);
    assert_eq!(at(&resource, "bases"), serde_json::json!(["BaseSettings"]));
    let leak = &resource.body.path("properties.leaks").unwrap().as_array().unwrap()[0];
    assert!(files.text(leak.span()).starts_with("return JSONResponse"), "{}", files.text(leak.span()));
}

const MIGRATION: &str = "\"\"\"add\"\"\"\nfrom alembic import op\nrevision: str = 'b2'\ndown_revision = 'a1'\ndef upgrade() -> None:\n    op.drop_column('t', 'c')\n    op.execute(\"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING\")\ndef downgrade():\n    \"\"\"no\"\"\"\n    pass\n";

#[test]
fn migrations_say_what_they_destroy_and_whether_there_is_a_way_back() {
    let files = Files::new();
    let second = evaluate(&files, "migrations/versions/b2.py", MIGRATION).unwrap();
    assert_eq!((at(&second, "revision"), at(&second, "downRevisions")), ("b2".into(), serde_json::json!(["a1"])));
    assert_eq!((at(&second, "hasDowngrade"), at(&second, "hasUpgrade")), (false.into(), true.into()));
    assert_eq!((at(&second, "writesData"), at(&second, "guarded")), (true.into(), true.into()));
    assert_eq!(at(&second, "drops").as_array().unwrap().len(), 1);
    let first =
        evaluate(&files, "migrations/versions/a1.py", &MIGRATION.replace("'b2'", "'a1'").replace("'a1'\ndef", "None\ndef")).unwrap();
    let third = evaluate(&files, "migrations/versions/c3.py", &MIGRATION.replace("'b2'", "'c3'")).unwrap();
    let histories = alembic::histories(&[&first, &second, &third], &files);
    assert_eq!(at(&histories[0], "heads"), serde_json::json!(["b2", "c3"]));
    assert_eq!((at(&histories[0], "roots"), at(&histories[0], "missing")), (serde_json::json!(["a1"]), serde_json::json!([])));
}

#[test]
fn start_scripts_are_their_commands() {
    let files = Files::new();
    let script = evaluate(&files, "backend/startup.sh", "#!/bin/sh\n# migrate\nalembic upgrade head\n").unwrap();
    assert_eq!(at(&script, "commands"), serde_json::json!(["alembic upgrade head"]));
}

proptest! {
    #[test]
    fn no_text_breaks_any_form(text in "(?s)[a-z@=.,:'\"()\\[\\]*{} \\n]{0,160}") {
        let files = Files::new();
        let _ = evaluate(&files, "a.py", &format!("def f():\n  {text}\n"));
        let _ = evaluate(&files, "v/a.py", &format!("revision = 'a'\ndown_revision = {text}\ndef upgrade():\n  {text}\n"));
    }
}
