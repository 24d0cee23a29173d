//! A template and its parameters to resources. Whatever cannot be known is unknown, for a reason; nothing here fails.
//!
//! A [`frame::Frame`] is one deployment of one template; a [`frame::Instance`] is one resource in one round of its loop; a
//! [`site::Site`] is where an expression stands. Everything is computed when it is first wanted, and once.

mod emit;
mod frame;
mod ids;
mod instances;
mod nested;
mod node;
mod outputs;
mod parameters;
mod reference;
mod run;
mod secure;
mod site;
mod surroundings;
mod target;
mod variables;

use std::sync::Arc;

use super::ir::Template;
use super::read::Given;
use crate::expression::Evaluator;
use crate::format::Context;
use crate::model::Evaluated;
use emit::Emitter;
use frame::{Argument, Frame, hop};
use run::Run;
use site::View;
use target::Target;

/// Stack of the thread that evaluates: what nests as deep as the budget allows must fit.
const STACK: usize = 256 << 20;

/// Evaluates `template` with what `given` says of its parameters; `--param` of the options beats it.
pub fn evaluate(template: &Arc<Template>, given: &[Given], context: &Context<'_>) -> Evaluated {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("template".into()).stack_size(STACK);
        let handle = thread.spawn_scoped(scope, || run(template, given, context));
        handle.ok().and_then(|handle| handle.join().ok())
    })
    .unwrap_or_else(|| Evaluated {
        notes: vec![crate::model::Note {
            span: template.span,
            message: "the system gave no thread to evaluate this template in; free some memory and run again".into(),
        }],
        ..Evaluated::default()
    })
}

fn run(template: &Arc<Template>, given: &[Given], context: &Context<'_>) -> Evaluated {
    let run = Run::new(context);
    let target = Target::root(template.scope, context.options);
    let name = emit::deployment_name(template, context.files);
    let root = run.add_frame(|id| {
        let mut frame = Frame::new(id, Arc::clone(template), target, name);
        for given in given {
            frame.given.insert(given.name.to_ascii_lowercase().into(), Argument::of_file(given));
        }
        for (name, value) in &context.options.parameters {
            let name: Arc<str> = name.as_str().into();
            let hop = hop(crate::model::HopKind::ParameterFile, &name, value.span());
            frame.given.insert(name.to_ascii_lowercase().into(), Argument::Value { value: value.clone(), hop: Some(hop) });
        }
        frame
    });
    for given in given {
        if template.parameters.get(&given.name).is_none() {
            run.note(given.name_span, format!("the template has no parameter `{}`; remove it, or correct its name", given.name));
        }
    }
    let mut emitter = Emitter::default();
    let view = View { run: &run, site: root.site() };
    let mut eval = Evaluator::new(&view, run.limits());
    emitter.frame(&run, &root, &mut eval);
    Evaluated { resources: emitter.resources, notes: run.take_notes(), opaque: run.take_opaque(), ..Evaluated::default() }
}
