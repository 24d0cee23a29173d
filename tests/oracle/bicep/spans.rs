//! Our places against the source map of Microsoft's compiler: which Bicep line each line of the template comes from.

use std::collections::HashMap;
use std::sync::Arc;

use azward::format::arm::ir::{Arguments, Declaration, Key, Node, Property, Template, TemplateSource, TypeNode};
use azward::format::bicep::compiler::{Compiler, Dialect};
use azward::format::bicep::source::Source;
use azward::format::bicep::tree::StatementKind;
use azward::model::{Files, Kind, Span, Value};

use super::baseline::{is_valid_source, source_of};
use super::disk::{Disk, with_context};
use crate::support::{corpus, files, score};

/// Where each property that we print stands: by its name, and by its whole line.
#[derive(Default)]
struct Places {
    /// Line of the Bicep file and name, to whole lines of JSON.
    by_name: HashMap<(u32, String), Vec<String>>,
    /// Lines of JSON, wherever they stand.
    anywhere: HashMap<String, Vec<u32>>,
}

impl Places {
    /// Takes the place of a line of the map: the same text there, else the same name.
    fn take(&mut self, line: u32, text: &str) -> Option<Match> {
        let key = (line, name_of(text).to_owned());
        let texts = self.by_name.get_mut(&key).filter(|texts| !texts.is_empty())?;
        match texts.iter().position(|own| own == text) {
            Some(at) => {
                texts.swap_remove(at);
                Some(Match::Text)
            }
            None => Some(Match::Name),
        }
    }

    /// Why a line is not there.
    fn cause(&self, text: &str) -> &'static str {
        match self.anywhere.get(text) {
            Some(_) => "we have this line of JSON on another line",
            None if self.anywhere.keys().any(|own| name_of(own) == name_of(text)) => "we have the property elsewhere, with another value",
            None => "we have no such property",
        }
    }
}

#[derive(PartialEq, Eq)]
enum Match {
    /// The same line of JSON.
    Text,
    /// The same property, its value spelled otherwise.
    Name,
}

/// `"name"` of `"name": value`; a list's item is its own name.
fn name_of(text: &str) -> &str {
    text.split_once("\": ").map_or(text, |(name, _)| name).trim_start_matches('"')
}

#[test]
fn lines_equal_the_source_maps() {
    let Some(samples) = corpus("bicep-samples") else { return };
    let root = samples.join("baselines");
    let disk = Disk::new(&root, None);
    let (mut mapped, mut exact, mut total) = (0, 0, 0);
    let mut causes: HashMap<(&'static str, String), usize> = HashMap::new();
    with_context(&disk, |context| {
        for map in files(&root, ".sourcemap.bicep") {
            let path = source_of(&map, "sourcemap");
            if !is_valid_source(&path) {
                continue;
            }
            let file = disk.open(&path).unwrap();
            let template = Compiler::new(context, Dialect::Compiler).template(file).unwrap();
            let mut ours = Places::default();
            template_lines(&template, &disk.files, &mut ours);
            let (before, all) = (mapped, total);
            // Whole lines first, so that a line that is equal by name alone does not take their place.
            let source = Source::new(file, disk.files.get(file).unwrap());
            let lines = annotated(&std::fs::read_to_string(&map).unwrap(), &valueless(&source));
            let matches: Vec<_> = lines.iter().map(|(line, text)| ours.take(*line, text)).collect();
            for ((line, text), found) in lines.iter().zip(matches) {
                total += 1;
                mapped += u32::from(found.is_some());
                exact += u32::from(found == Some(Match::Text));
                if found.is_none() {
                    let cause = ours.cause(text);
                    *causes.entry((cause, name_of(text).to_owned())).or_default() += 1;
                    if std::env::var("EXAMPLES").is_ok() {
                        println!("{}:{line}: {text} -- {cause}", path.display());
                    }
                }
            }
            println!("{}: {} of {}", path.parent().unwrap().display(), mapped - before, total - all);
        }
    });
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), cause.clone()));
    for ((cause, name), count) in causes.iter().take(20) {
        println!("  {count:>4} `{name}`: {cause}");
    }
    println!("spans: {mapped} of {total} lines of the maps have their property on the same line, {exact} with the same text");
    score("bicep-spans", 100.0 * f64::from(mapped) / f64::from(total));
    score("bicep-spans-text", 100.0 * f64::from(exact) / f64::from(total));
}

/// The lines of statements that make no value: types, and imports and extensions, whose places are in their own files.
fn valueless(source: &Source) -> Vec<std::ops::RangeInclusive<u32>> {
    let none = |kind: &StatementKind| matches!(kind, StatementKind::Type(..) | StatementKind::Import(_) | StatementKind::Extension(_));
    let line = |at| source.text.position(at).line;
    let statements = source.program.statements.iter().filter(|statement| none(&statement.kind));
    statements.map(|statement| line(statement.at.start)..=line(statement.at.end)).collect()
}

/// Lines of the map that name a property, its beginning where it is an object or a list. Left out: what the compiler adds to
/// every template (helper variables such as `$fxv#0` and the order of deployment with it), descriptions, types and their
/// constraints, and the text of modules, whose places are in their own files.
fn annotated(map: &str, without: &[std::ops::RangeInclusive<u32>]) -> Vec<(u32, String)> {
    let added =
        ["$schema", "contentVersion", "languageVersion", "apiVersion", "mode", "_EXPERIMENTAL_WARNING", "copy", "dependsOn", "description"];
    let types = ["minLength", "maxLength", "minValue", "maxValue", "propertyName", "sealed", "additionalProperties", "$ref", "nullable"];
    let blocks = [
        "template",
        "metadata",
        "_generator",
        "definitions",
        "functions",
        "expressionEvaluationOptions",
        "imports",
        "extensions",
        "items",
        "allowedValues",
        "prefixItems",
        "discriminator",
    ];
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
        if blocks.contains(&key) {
            inside = value.ends_with(['{', '[']).then_some(indent);
            continue;
        }
        let type_name = key == "type" && !value.contains(['/', '@']);
        let is_left_out = without.iter().any(|lines| lines.contains(&line)) || key.starts_with("$fxv#");
        if !added.contains(&key) && !types.contains(&key) && !type_name && !is_left_out {
            found.push((line, text.to_owned()));
        }
    }
    found
}

struct Writer<'a> {
    files: &'a Files,
    places: &'a mut Places,
}

fn template_lines(template: &Template, files: &Files, places: &mut Places) {
    let mut writer = Writer { files, places };
    for (_, metadata) in template.rest.iter().filter(|(name, _)| &**name == "metadata") {
        writer.inner(metadata);
    }
    for function in &template.functions {
        let name = function.name.rsplit_once('.').map_or(&*function.name, |(_, name)| name);
        writer.begin(name, function.name_span);
        writer.open("parameters", '[', function.name_span);
        for (parameter, _) in &function.parameters {
            writer.pair("name", &Value::str(Arc::clone(parameter)), function.name_span);
        }
        writer.begin("output", function.name_span);
        writer.value("value", &function.value, function.name_span);
    }
    for parameter in &template.parameters {
        writer.begin(&parameter.name, parameter.name_span);
        writer.types(&parameter.schema);
        if let Some(default) = &parameter.default {
            writer.value("defaultValue", default, parameter.name_span);
        }
        if let Some(metadata) = &parameter.metadata {
            writer.inner(metadata);
        }
    }
    for variable in &template.variables {
        writer.value(&variable.name, &variable.value, variable.name_span);
    }
    for output in &template.outputs {
        writer.begin(&output.name, output.name_span);
        writer.types(&output.schema);
        writer.value("value", &output.value, output.name_span);
        if let Some(metadata) = &output.metadata {
            writer.inner(metadata);
        }
    }
    for resource in &template.resources {
        writer.resource(resource, template.symbolic);
    }
}

impl Writer<'_> {
    fn text(&mut self, name: &str, text: String, span: Span) {
        if let Some(line) = self.files.get(span.file).map(|file| file.position(span.start).line) {
            self.places.anywhere.entry(text.clone()).or_default().push(line);
            self.places.by_name.entry((line, name.to_owned())).or_default().push(text);
        }
    }

    fn begin(&mut self, name: &str, span: Span) {
        self.open(name, '{', span);
    }

    fn open(&mut self, name: &str, bracket: char, span: Span) {
        let key = serde_json::Value::from(name).to_string();
        self.text(key.trim_matches('"'), format!("{key}: {bracket}"), span);
    }

    fn pair(&mut self, name: &str, value: &Value, span: Span) {
        self.line(name, &Node::Literal(value.clone()).to_json(), span);
    }

    fn line(&mut self, name: &str, value: &serde_json::Value, span: Span) {
        let key = serde_json::Value::from(name).to_string();
        self.text(key.trim_matches('"'), format!("{key}: {value}"), span);
    }

    /// The names of a type's properties.
    fn types(&mut self, schema: &TypeNode) {
        if !schema.properties.is_empty() {
            self.begin("properties", schema.span);
        }
        for (name, inner) in &schema.properties {
            self.begin(name, inner.span);
            self.types(inner);
        }
    }

    fn value(&mut self, key: &str, node: &Node, span: Span) {
        match node {
            Node::Literal(value) => self.literal(key, value, span),
            Node::Expr(_) => self.line(key, &node.to_json(), span),
            Node::Object(_) => {
                self.begin(key, span);
                self.inner(node);
            }
            Node::Array(array) => {
                self.open(key, '[', span);
                array.items.iter().for_each(|item| self.inner(item));
            }
            Node::Copy(copy) => {
                self.pair("name", &Value::str(Arc::clone(&copy.name)), span);
                self.line("count", &copy.count.to_json(), span);
                self.value("input", &copy.input, copy.input.span());
            }
        }
    }

    /// What stands in an object or a list.
    fn inner(&mut self, node: &Node) {
        match node {
            Node::Literal(value) => self.inner_literal(value),
            Node::Object(object) => self.properties(&object.properties),
            Node::Array(array) => array.items.iter().for_each(|item| self.inner(item)),
            Node::Expr(_) | Node::Copy(_) => {}
        }
    }

    fn literal(&mut self, key: &str, value: &Value, span: Span) {
        match &value.kind {
            Kind::Object(object) if !object.is_empty() => {
                self.begin(key, span);
                self.inner_literal(value);
            }
            Kind::Array(items) if !items.is_empty() => {
                self.open(key, '[', span);
                self.inner_literal(value);
            }
            _ => self.pair(key, value, span),
        }
    }

    fn inner_literal(&mut self, value: &Value) {
        match &value.kind {
            Kind::Object(object) => object.iter().for_each(|field| self.literal(&field.key, &field.value, field.key_span)),
            Kind::Array(items) => items.iter().for_each(|item| self.inner_literal(item)),
            _ => {}
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

    /// What the compiler makes of the head of a declaration (type, condition, loop, scope, the name) it maps to the head, and
    /// so do we where nothing stands for it below.
    fn resource(&mut self, resource: &Declaration, symbolic: bool) {
        if let (Some(symbol), true) = (&resource.symbol, symbolic) {
            self.begin(symbol, resource.place);
        }
        self.pair("type", &Value::str(&*resource.kind), resource.place);
        if let Some(name) = &resource.name {
            // A module's name stands on its own line of the map, a resource's on that of the declaration.
            let is_module = match resource.deployment.as_ref().map(|deployment| &deployment.template) {
                Some(TemplateSource::Inline(template)) => template.file != resource.span.file,
                other => other.is_some(),
            };
            let span = if is_module { name.span() } else { resource.place };
            self.value("name", name, span);
        }
        if let Some(condition) = &resource.condition {
            self.value("condition", condition, condition.span());
        }
        if let Some(scope) = &resource.scope {
            self.value("scope", scope, resource.place);
        }
        if let Some(copy) = &resource.copy {
            self.pair("name", &Value::str(Arc::clone(&copy.name)), resource.place);
            self.line("count", &copy.count.to_json(), resource.place);
            if let Some(mode) = &copy.mode {
                self.pair("mode", &Value::str(Arc::clone(mode)), resource.place);
            }
            if let Some(size) = &copy.batch_size {
                self.value("batchSize", size, resource.place);
            }
        }
        if resource.existing {
            self.pair("existing", &Value::from(true), resource.place);
        }
        if !resource.depends_on.is_empty() {
            self.open("dependsOn", '[', resource.place);
        }
        self.properties(&resource.body);
        let Some(deployment) = &resource.deployment else { return };
        self.begin("properties", resource.place);
        for (key, node) in [("subscriptionId", &deployment.subscription_id), ("resourceGroup", &deployment.resource_group)] {
            if let Some(node) = node {
                self.value(key, node, node.span());
            }
        }
        self.properties(&deployment.rest);
        match &deployment.template {
            TemplateSource::Link(link) => self.value("templateLink", &link.node, resource.place),
            TemplateSource::Inline(template) if template.file == resource.span.file => {
                template_lines(template, self.files, self.places);
            }
            _ => {}
        }
        let Arguments::List(arguments) = &deployment.arguments else { return };
        if !arguments.is_empty() {
            self.begin("parameters", deployment.arguments_at);
        }
        for argument in arguments {
            self.value(&argument.name, &argument.body, argument.name_span);
        }
    }
}
