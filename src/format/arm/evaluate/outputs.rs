use std::rc::Rc;
use std::sync::Arc;

use super::super::ir::Output;
use super::frame::{Frame, hop, memo, through};
use super::node::Places;
use super::run::Run;
use super::secure;
use crate::expression::{Evaluator, Truth, partial};
use crate::model::{HopKind, Object, Value};

impl Run<'_> {
    /// `outputs` of a deployment as `reference()` gives them: type and value by name.
    pub fn outputs(&self, frame: &Rc<Frame>, eval: &mut Evaluator<'_>) -> Value {
        memo(
            &frame.outputs,
            || format!("the outputs of `{}`", frame.address),
            || {
                let mut object = Object::with_capacity(frame.template.outputs.len());
                for output in &frame.template.outputs {
                    let Some(value) = self.output(frame, output, eval) else { continue };
                    let mut body = Object::with_capacity(2);
                    body.set("type", output.schema.name.as_ref().map_or_else(Value::null, |name| Value::str(Arc::clone(name))));
                    body.set("value", through(value, hop(HopKind::Output, &output.name, output.name_span)));
                    object.insert(Arc::clone(&output.name), output.name_span, Value::object(body));
                }
                Value::object(object)
            },
        )
    }

    /// The value of one output; `None` where its condition does not hold.
    pub fn output(&self, frame: &Rc<Frame>, output: &Output, eval: &mut Evaluator<'_>) -> Option<Value> {
        let site = frame.site();
        self.at(&site, eval, |eval| {
            if let Some(condition) = &output.condition {
                let holds = self.node(condition, &site, eval, Places::Shallow);
                if partial::condition(&holds) == Some(Truth::No) {
                    return None;
                }
            }
            let value = self.node(&output.value, &site, eval, Places::Shallow);
            Some(secure::apply(value, &output.schema, &frame.template))
        })
    }
}
