//! Our places against the source map of Microsoft's compiler: which Bicep line each line of the template comes from.

use std::collections::HashMap;

use azward::format::arm::ir::{Arguments, Declaration, Key, Node, Property, Template};
use azward::format::bicep::compiler::{Compiler, Dialect};
use azward::model::{Files, Kind, Span, Value};

use super::baseline::{is_valid_source, source_of};
use super::disk::{Disk, with_context};
use crate::support::{corpus, files, score};

type Lines = HashMap<(u32, String), usize>;

#[test]
fn lines_equal_the_source_maps() {
    let Some(samples) = corpus("bicep-samples") else { return };
    let root = samples.join("baselines");
    let disk = Disk::new(&root, None);
    let (mut mapped, mut total) = (0, 0);
    with_context(&disk, |context| {
        for map in files(&root, ".sourcemap.bicep") {
            let path = source_of(&map, "sourcemap");
            if !is_valid_source(&path) {
                continue;
            }
            let file = disk.open(&path).unwrap();
            let template = Compiler::new(context, Dialect::Compiler).template(file).unwrap();
            let mut ours = Lines::new();
            template_lines(&template, &disk.files, &mut ours);
            let (before, all) = (mapped, total);
            for (line, text) in annotated(&std::fs::read_to_string(&map).unwrap()) {
                total += 1;
                let found = ours.get_mut(&(line, text.clone())).filter(|count| **count > 0);
                match found {
                    Some(count) => {
                        *count -= 1;
                        mapped += 1;
                    }
                    None if std::env::var("EXAMPLES").is_ok() => println!("{}:{line}: {text}", path.display()),
                    None => {}
                }
            }
            println!("{}: {} of {}", path.parent().unwrap().display(), mapped - before, total - all);
        }
    });
    println!("spans: {mapped} of {total}");
    score("bicep-spans", 100.0 * f64::from(mapped) / f64::from(total));
}

/// Lines of the map that name a property with a value of its own. Left out: what the compiler adds to every template, types
/// and their constraints (no value comes from them), and the text of modules, whose places are in their own files.
fn annotated(map: &str) -> Vec<(u32, String)> {
    let mut line = 0;
    let mut found = Vec::new();
    let mut inside: Option<usize> = None;
    for row in map.split('\n') {
        let Some(text) = row.strip_prefix("//@") else {
            line += 1;
            inside = None;
            continue;
        };
        let indent = text.len() - text.trim_start().len();
        if inside.is_some_and(|outer| indent > outer) {
            continue;
        }
        inside = None;
        let text = text.trim().trim_end_matches(',');
        let Some((key, value)) = text.strip_prefix('"').and_then(|rest| rest.split_once("\": ")) else { continue };
        if value.ends_with(['{', '[']) {
            let foreign = [
                "template",
                "metadata",
                "_generator",
                "definitions",
                "functions",
                "expressionEvaluationOptions",
                "extensionConfigs",
                "imports",
                "extensions",
                "items",
                "output",
            ];
            inside = foreign.contains(&key).then_some(indent);
            continue;
        }
        let added = [
            "$schema",
            "contentVersion",
            "languageVersion",
            "apiVersion",
            "description",
            "mode",
            "$ref",
            "nullable",
            "extension",
            "_EXPERIMENTAL_WARNING",
        ];
        let constraint = ["minLength", "maxLength", "minValue", "maxValue", "propertyName", "sealed", "additionalProperties"];
        let type_name = key == "type" && !value.contains(['/', '@']);
        if !added.contains(&key) && !constraint.contains(&key) && !type_name {
            found.push((line, text.to_owned()));
        }
    }
    found
}

struct Writer<'a> {
    files: &'a Files,
    lines: &'a mut Lines,
}

fn template_lines(template: &Template, files: &Files, lines: &mut Lines) {
    let mut writer = Writer { files, lines };
    for parameter in &template.parameters {
        if let Some(name) = &parameter.schema.name {
            writer.pair("type", &Value::str(lower_first(name)), parameter.name_span);
        }
        if let Some(default) = &parameter.default {
            writer.value("defaultValue", default, default.span());
        }
    }
    for variable in &template.variables {
        writer.value(&variable.name, &variable.value, variable.name_span);
    }
    for output in &template.outputs {
        if let Some(name) = &output.schema.name {
            writer.pair("type", &Value::str(lower_first(name)), output.name_span);
        }
        writer.value("value", &output.value, output.name_span);
    }
    for resource in &template.resources {
        writer.resource(resource);
    }
}

fn lower_first(name: &str) -> String {
    match name {
        "secureString" => "securestring".to_owned(),
        other => other.to_owned(),
    }
}

impl Writer<'_> {
    fn text(&mut self, text: String, span: Span) {
        if let Some(line) = self.files.get(span.file).map(|file| file.position(span.start).line) {
            *self.lines.entry((line, text)).or_default() += 1;
        }
    }

    fn pair(&mut self, key: &str, value: &Value, span: Span) {
        let json = Node::Literal(value.clone()).to_json();
        self.text(format!("{}: {json}", serde_json::Value::from(key)), span);
    }

    fn value(&mut self, key: &str, node: &Node, span: Span) {
        match node {
            Node::Literal(value) => self.literal(key, value, span),
            Node::Expr(_) => self.text(format!("{}: {}", serde_json::Value::from(key), node.to_json()), span),
            Node::Object(object) => self.properties(&object.properties),
            Node::Array(array) => {
                for item in &array.items {
                    if let Node::Object(_) | Node::Array(_) = item {
                        self.value("", item, item.span());
                    } else if let Node::Literal(value) = item {
                        self.literal("", value, item.span());
                    }
                }
            }
            Node::Copy(copy) => {
                self.text(format!("\"name\": {}", serde_json::Value::from(&*copy.name)), span);
                self.text(format!("\"count\": {}", copy.count.to_json()), span);
                self.value("input", &copy.input, copy.input.span());
            }
        }
    }

    fn literal(&mut self, key: &str, value: &Value, span: Span) {
        match &value.kind {
            Kind::Object(object) if object.is_empty() && !key.is_empty() => self.pair(key, value, span),
            Kind::Array(items) if items.is_empty() && !key.is_empty() => self.pair(key, value, span),
            Kind::Object(object) => object.iter().for_each(|field| self.literal(&field.key, &field.value, field.key_span)),
            Kind::Array(items) => {
                items.iter().filter(|item| item.as_object().is_some()).for_each(|item| self.literal("", item, item.span()));
            }
            _ if key.is_empty() => {}
            _ => self.pair(key, value, span),
        }
    }

    fn properties(&mut self, properties: &[Property]) {
        for property in properties {
            match &property.key {
                Key::Text(key) => self.value(key, &property.value, property.key_span),
                Key::Expr(key) => self.value(&format!("[{}]", key.expr), &property.value, property.key_span),
            }
        }
    }

    fn resource(&mut self, resource: &Declaration) {
        self.pair("type", &Value::str(&*resource.kind), resource.place);
        if let Some(name) = &resource.name {
            // A module's name stands on its own line of the map, a resource's on that of the declaration.
            let span = if resource.deployment.is_some() { name.span() } else { resource.place };
            self.value("name", name, span);
        }
        if let Some(condition) = &resource.condition {
            self.value("condition", condition, resource.place);
        }
        if let Some(scope) = &resource.scope {
            self.value("scope", scope, resource.place);
        }
        if let Some(copy) = &resource.copy {
            self.text(format!("\"name\": {}", serde_json::Value::from(&*copy.name)), resource.place);
            self.text(format!("\"count\": {}", copy.count.to_json()), resource.place);
            if let Some(size) = &copy.batch_size {
                self.value("batchSize", size, size.span());
            }
        }
        if resource.existing {
            self.pair("existing", &Value::from(true), resource.place);
        }
        self.properties(&resource.body);
        let Some(deployment) = &resource.deployment else { return };
        for (key, node) in [("subscriptionId", &deployment.subscription_id), ("resourceGroup", &deployment.resource_group)] {
            if let Some(node) = node {
                self.value(key, node, node.span());
            }
        }
        if let Arguments::List(arguments) = &deployment.arguments {
            for argument in arguments {
                if let Some(value) = argument.body.get("value") {
                    self.value("value", &value, argument.name_span);
                }
            }
        }
    }
}
