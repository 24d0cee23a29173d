use jsonc_parser::ast::{Object, ObjectProp, Value as Json};

use super::super::ir::{Definition, Function, Node, Output, Parameter, ScopeKind, Template, Variable};
use super::node::{Reader, find, name_of, name_range, object_of};

/// Deepest nesting of templates in one file; Azure itself ends at five levels, modules of public registries at six.
const MAX_NESTING: u32 = 32;

impl Reader {
    /// A template, at the root of a file or in a deployment. `around` is the scope of the template that holds it.
    pub fn template(&mut self, object: &Object<'_>, around: Option<ScopeKind>, nesting: u32) -> Template {
        let span = self.span(object.range);
        let mut template = Template { file: self.file, span, scope: around.unwrap_or_default(), ..Template::default() };
        if nesting > MAX_NESTING {
            self.note(span, format!("templates are nested more than {MAX_NESTING} levels deep here; what is deeper is not looked at"));
            return template;
        }
        self.check_keys(object);
        // The schema says where resources go, and they are read with it.
        if let Some(Json::StringLit(schema)) = find(object, "$schema").map(|property| &property.value) {
            template.scope = ScopeKind::of_schema(&schema.value);
            template.schema = Some(schema.value.as_ref().into());
        }
        for property in &object.properties {
            match (name_of(property).to_ascii_lowercase().as_str(), &property.value) {
                ("$schema", _) => {}
                ("languageversion", Json::StringLit(version)) => template.language_version = Some(version.value.as_ref().into()),
                ("definitions", Json::Object(inner)) => {
                    for (name, inner, _) in objects(inner) {
                        template.definitions.push(Definition { name: name.into(), schema: self.schema(inner, &[], 0) });
                    }
                }
                ("functions", Json::Array(spaces)) => {
                    for space in &spaces.elements {
                        self.functions(space, &mut template);
                    }
                }
                ("parameters", Json::Object(inner)) => self.parameters(inner, &mut template),
                ("variables", Json::Object(inner)) => self.variables(inner, &mut template),
                ("resources", Json::Array(list)) => {
                    for element in &list.elements {
                        self.push_declaration(None, element, &mut template, nesting);
                    }
                }
                ("resources", Json::Object(inner)) => {
                    template.symbolic = true;
                    self.check_keys(inner);
                    for property in &inner.properties {
                        self.push_declaration(Some(name_of(property)), &property.value, &mut template, nesting);
                    }
                }
                ("outputs", Json::Object(inner)) => self.outputs(inner, &mut template),
                (_, value) => {
                    let node = self.node(value);
                    template.rest.push((name_of(property).into(), node));
                }
            }
        }
        template
    }

    fn push_declaration(&mut self, symbol: Option<&str>, json: &Json<'_>, template: &mut Template, nesting: u32) {
        let declaration = match json {
            Json::Object(object) => self.declaration(symbol, object, template.scope, nesting),
            _ => None,
        };
        match declaration {
            Some(declaration) => template.resources.push(declaration.into()),
            None => {
                let span = self.node(json).span();
                self.note(span, "this is no resource: it has no `type`; add it");
            }
        }
    }

    fn parameters(&mut self, object: &Object<'_>, template: &mut Template) {
        self.check_keys(object);
        for (name, inner, property) in objects(object) {
            let schema = self.schema(inner, &["defaultValue", "metadata"], 0);
            let default = self.field(inner, "defaultValue");
            let metadata = self.field(inner, "metadata");
            let name_span = self.span(name_range(property));
            template.parameters.push(Parameter { name: name.into(), name_span, schema, default, metadata });
        }
    }

    fn variables(&mut self, object: &Object<'_>, template: &mut Template) {
        for property in self.properties(object, &[]) {
            if let Some(name) = property.name() {
                template.variables.push(Variable { name: name.clone(), name_span: property.key_span, value: property.value });
            }
        }
    }

    fn outputs(&mut self, object: &Object<'_>, template: &mut Template) {
        self.check_keys(object);
        for (name, inner, property) in objects(object) {
            let schema = self.schema(inner, &["value", "copy", "condition", "metadata"], 0);
            let span = self.span(inner.range);
            let value = match object_of(inner, "copy") {
                Some(copy) => {
                    let count = self.field(copy, "count").unwrap_or_else(|| Node::null(span));
                    let input = self.field(copy, "input").unwrap_or_else(|| Node::null(span));
                    Node::copy(name, count, input, self.span(copy.range))
                }
                None => self.field(inner, "value").unwrap_or_else(|| Node::null(span)),
            };
            let condition = self.field(inner, "condition");
            let metadata = self.field(inner, "metadata");
            let name_span = self.span(name_range(property));
            template.outputs.push(Output { name: name.into(), name_span, schema, value, condition, metadata });
        }
    }

    fn functions(&mut self, json: &Json<'_>, template: &mut Template) {
        let Json::Object(space) = json else { return };
        let namespace = super::node::text_of(space, "namespace").unwrap_or_default();
        let Some(members) = object_of(space, "members") else { return };
        for (name, inner, property) in objects(members) {
            let name_span = self.span(name_range(property));
            let parameters = self.signature(find(inner, "parameters").map(|property| &property.value));
            let output = object_of(inner, "output");
            let schema = output.map(|output| self.schema(output, &["value"], 0)).unwrap_or_default();
            let value = output.and_then(|output| self.field(output, "value")).unwrap_or_else(|| Node::null(name_span));
            template.functions.push(Function { name: format!("{namespace}.{name}").into(), parameters, schema, value, name_span });
        }
    }
}

/// The properties whose values are objects.
fn objects<'a, 'b>(object: &'a Object<'b>) -> impl Iterator<Item = (&'a str, &'a Object<'b>, &'a ObjectProp<'b>)> {
    object.properties.iter().filter_map(|property| match &property.value {
        Json::Object(inner) => Some((name_of(property), inner, property)),
        _ => None,
    })
}
