//! Values of variables, as far as the file says them: `$(name)`, `${{ env.NAME }}`, `${{ matrix.name }}`.

use super::substitute::{named, plain};
use crate::model::{Kind, Object, Value, Why};

/// Where variables are declared, nearest first.
pub struct Variables<'a> {
    scopes: Vec<&'a Value>,
    matrix: Option<&'a Value>,
}

impl<'a> Variables<'a> {
    /// The variables that a job sees: its own, then those of the whole.
    pub fn new(job: &'a Object, plan: &'a Object) -> Self {
        let keys = ["env", "variables"];
        let scopes = [job, plan].into_iter().flat_map(|body| keys.iter().filter_map(|key| body.get(key))).collect();
        Self { scopes, matrix: job.get("strategy").and_then(|strategy| strategy.get("matrix")) }
    }

    /// Every value that `value` can have: several where a matrix says so, unknown where nothing does.
    pub fn values(&self, value: &Value) -> Vec<Value> {
        if let Some(list) = value.as_array() {
            return list.iter().take(64).flat_map(|item| self.scalar(item)).collect();
        }
        // Several versions, one on each line.
        let lines: Vec<&str> =
            value.as_str().map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()).unwrap_or_default();
        if lines.len() > 1 {
            return lines.iter().take(64).map(|line| Value::str(*line).used_at(value.span())).collect();
        }
        self.scalar(value)
    }

    fn scalar(&self, value: &Value) -> Vec<Value> {
        let Some(text) = plain(value) else { return Vec::new() };
        let trimmed = text.trim();
        let expression = trimmed.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim);
        if let Some(name) = expression.and_then(|expression| named(expression, "matrix")) {
            let options = self.matrix.and_then(|matrix| matrix.get(name)).and_then(Value::as_array).unwrap_or_default();
            let known: Vec<Value> = options.iter().filter_map(|one| Some(Value::str(plain(one)?).used_at(one.span()))).collect();
            return if known.is_empty() { vec![unknown(trimmed, value)] } else { known };
        }
        let name = expression.and_then(|expression| named(expression, "env").or_else(|| named(expression, "variables")));
        let name = name.or_else(|| trimmed.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')));
        if let Some(name) = name {
            let found = self.lookup(name).filter(|found| !found.contains("${{") && !found.contains("$("));
            return vec![found.map_or_else(|| unknown(trimmed, value), |found| Value::str(found).used_at(value.span()))];
        }
        if trimmed.contains("${{") || trimmed.contains("$(") {
            return vec![unknown(trimmed, value)];
        }
        vec![Value::at(Kind::Str(trimmed.into()), value.span())]
    }

    /// The value of the variable `name`.
    pub fn lookup(&self, name: &str) -> Option<String> {
        self.scopes.iter().find_map(|scope| match &scope.kind {
            Kind::Array(list) => list
                .iter()
                .find(|one| one.get("name").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(name)))
                .and_then(|one| plain(one.get("value")?)),
            _ => plain(scope.get(name)?),
        })
    }

    /// `text` with the variables that are known.
    pub fn fill(&self, text: &str) -> String {
        let mut made = text.to_owned();
        for (open, close) in [("$(", ")"), ("${{", "}}")] {
            let mut filled = String::with_capacity(made.len());
            let mut rest = made.as_str();
            while let Some((before, after)) = rest.split_once(open) {
                filled.push_str(before);
                let Some((inner, behind)) = after.split_once(close) else {
                    filled.push_str(open);
                    rest = after;
                    break;
                };
                let trimmed = inner.trim();
                let name = if open == "$(" { Some(trimmed) } else { named(trimmed, "env").or_else(|| named(trimmed, "variables")) };
                match name.and_then(|name| self.lookup(name)) {
                    Some(found) => filled.push_str(&found),
                    None => {
                        filled.push_str(open);
                        filled.push_str(inner);
                        filled.push_str(close);
                    }
                }
                rest = behind;
            }
            filled.push_str(rest);
            made = filled;
        }
        made
    }
}

fn unknown(text: &str, value: &Value) -> Value {
    Value::unknown(Why::Parameter(text.into())).used_at(value.span())
}
