use std::rc::Rc;
use std::sync::Arc;

use super::super::ir::{Arguments, Deployment, ExpressionScope, Node, ScopeKind, Template, TemplateLink, TemplateSource};
use super::super::{cache, read};
use super::frame::{Argument, Frame, FrameId, Instance, hop};
use super::node::Places;
use super::run::Run;
use super::target::Target;
use crate::expression::Evaluator;
use crate::model::{Certainty, HopKind, Kind, Why};

/// Most deployments around one another.
const MAX_DEPTH: u32 = 32;

impl Run<'_> {
    /// The frame that a nested deployment makes; `None` where its template is not here.
    pub fn nested(&self, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) -> Option<FrameId> {
        if let Some(known) = *instance.nested.borrow() {
            return known;
        }
        // Whoever asks while it is being made asks in a circle.
        instance.nested.replace(Some(None));
        let made = self.make_nested(instance, eval);
        instance.nested.replace(Some(made));
        made
    }

    fn make_nested(&self, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) -> Option<FrameId> {
        let declaration = &instance.declaration;
        let deployment = declaration.deployment.as_ref()?;
        let home = self.frame(instance.site.home)?;
        if home.depth >= MAX_DEPTH {
            self.note(declaration.place, format!("deployments are nested more than {MAX_DEPTH} levels deep; this one is not looked at"));
            return None;
        }
        let (template, linked) = match &deployment.template {
            TemplateSource::Inline(template) => (Arc::clone(template), Vec::new()),
            TemplateSource::Link(link) => (self.linked(link, instance, eval)?, self.linked_parameters(link)),
            TemplateSource::Opaque { reference, reason, span, .. } => {
                self.note_opaque(*span, reference, format!("the module `{reference}` is not looked at: {reason}"));
                return None;
            }
        };
        if self.is_recursive(&template, &home) {
            self.note(declaration.place, "this template deploys itself again and again; only its first round is looked at");
            return None;
        }
        let target = self.target_of(instance, &home, eval);
        let name = self.name_of(instance, eval);
        let (given, given_unknown) = self.arguments(deployment, instance, &linked, eval);
        let frame = self.add_frame(|id| {
            let mut frame = Frame::new(id, template, target, name);
            frame.parent = Some(home.id);
            frame.depth = home.depth + 1;
            frame.calls = home.calls.iter().copied().chain([declaration.place]).collect();
            frame.address.clone_from(&instance.address);
            frame.certainty = combine(&home.certainty, &instance.certainty);
            let links = matches!(deployment.template, TemplateSource::Link(_));
            if deployment.expressions == ExpressionScope::Outer && !links {
                frame.outer = Some(instance.site.clone());
            }
            frame.given = given.into_iter().map(|(name, argument)| (name.to_ascii_lowercase().into(), argument)).collect();
            frame.given_unknown = given_unknown;
            frame
        });
        Some(frame.id)
    }

    fn arguments(
        &self,
        deployment: &Deployment,
        instance: &Rc<Instance>,
        linked: &[read::Given],
        eval: &mut Evaluator<'_>,
    ) -> (Vec<(Arc<str>, Argument)>, Option<Why>) {
        let mut list: Vec<(Arc<str>, Argument)> = linked.iter().map(|given| (Arc::clone(&given.name), Argument::of_file(given))).collect();
        let whole = match &deployment.arguments {
            Arguments::List(arguments) => {
                list.extend(arguments.iter().map(|argument| {
                    let hop = hop(HopKind::ModuleCall, &argument.name, argument.body.span().or(argument.name_span));
                    (Arc::clone(&argument.name), Argument::Node { body: argument.body.clone(), site: instance.site.clone(), hop })
                }));
                return (list, None);
            }
            Arguments::Dynamic(node) => self.at(&instance.site, eval, |eval| self.node(node, &instance.site, eval, Places::Shallow)),
        };
        match &whole.kind {
            Kind::Object(object) => {
                list.extend(object.iter().map(|field| {
                    let hop = hop(HopKind::ModuleCall, &field.key, whole.span());
                    let body = Node::Literal(field.value.clone());
                    (Arc::clone(&field.key), Argument::Node { body, site: instance.site.clone(), hop })
                }));
                (list, None)
            }
            Kind::Null => (list, None),
            _ => {
                let fault = || Why::Error("the parameters of the deployment are no object".into());
                (list, Some(whole.as_unknown().map_or_else(fault, |unknown| unknown.why.clone())))
            }
        }
    }

    fn is_recursive(&self, template: &Arc<Template>, home: &Rc<Frame>) -> bool {
        let mut at = Some(Rc::clone(home));
        while let Some(frame) = at {
            let same = frame.template.file == template.file && frame.template.span == template.span && !template.span.is_none();
            if same || Arc::ptr_eq(&frame.template, template) {
                return true;
            }
            at = frame.parent.and_then(|parent| self.frame(parent));
        }
        false
    }

    /// Where a deployment puts its resources.
    pub fn target_of(&self, instance: &Rc<Instance>, home: &Rc<Frame>, eval: &mut Evaluator<'_>) -> Target {
        let mut target = home.target.clone();
        let Some(deployment) = &instance.declaration.deployment else { return target };
        let site = &instance.site;
        let mut value = |node: &Option<Node>| {
            let node = node.as_ref()?;
            Some(self.at(site, eval, |eval| self.node(node, site, eval, Places::Shallow))).filter(|value| !value.is_null())
        };
        if let Some(scope) = value(&instance.declaration.scope) {
            target = target.at_scope(&scope);
        }
        if let Some(subscription) = value(&deployment.subscription_id) {
            target.subscription = subscription;
            target.kind = ScopeKind::Subscription;
        }
        if let Some(group) = value(&deployment.resource_group) {
            target.resource_group = group;
            target.kind = ScopeKind::ResourceGroup;
        }
        target
    }

    /// The template of a local link. What lies on a server is not fetched.
    fn linked(&self, link: &TemplateLink, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) -> Option<Arc<Template>> {
        let Some(path) = &link.relative_path else {
            let (what, where_to) = if link.id.is_some() { ("template spec", "id") } else { ("remote template", "uri") };
            let node = link.uri.as_ref().or(link.id.as_ref());
            let shown = node.and_then(Node::as_text).map_or_else(|| where_to.to_owned(), str::to_owned);
            self.note_opaque(
                link.span,
                &shown,
                format!("the {what} `{shown}` is not fetched, so its resources are not looked at; link it by `relativePath`"),
            );
            return None;
        };
        let site = &instance.site;
        let path = self.at(site, eval, |eval| self.node(path, site, eval, Places::Shallow));
        let Some(path) = path.as_str() else {
            self.note_opaque(
                link.span,
                "linked template",
                "the path of the linked template is not known before deployment, so its resources are not looked at",
            );
            return None;
        };
        let loaded = match self.context.loader.load(link.file, path) {
            Ok(file) => cache::template(file, self.context.files),
            Err(error) => {
                self.note_opaque(link.span, path, format!("the linked template is not looked at: {error}"));
                return None;
            }
        };
        match loaded {
            Ok(read) => {
                read.notes.iter().for_each(|note| self.note(note.span, note.message.clone()));
                Some(Arc::clone(&read.value))
            }
            Err(error) => {
                self.note_opaque(link.span, path, format!("the linked template `{path}` cannot be read: {error}"));
                None
            }
        }
    }

    fn linked_parameters(&self, link: &TemplateLink) -> Vec<read::Given> {
        let path = link.parameters.as_ref().and_then(|node| node.get("relativePath"));
        let Some(path) = path.as_ref().and_then(Node::as_text) else { return Vec::new() };
        let loaded = self.context.loader.load(link.file, path).map_err(|error| error.to_string());
        let read = loaded.and_then(|file| cache::parameters(file, self.context.files).map_err(|error| error.to_string()));
        match read {
            Ok(read) => read.value.given.clone(),
            Err(error) => {
                self.note(link.span, format!("the linked parameter file `{path}` cannot be read: {error}"));
                Vec::new()
            }
        }
    }
}

/// Deployed for sure only where both are.
pub fn combine(outer: &Certainty, inner: &Certainty) -> Certainty {
    if matches!(outer, Certainty::Maybe(_)) { outer.clone() } else { inner.clone() }
}
