//! Declarations that refer to themselves: followed once around, and no further.

use super::target::{Target, What};
use super::{Env, Lowering};
use crate::model::FileId;

/// Something about a declaration that is written out where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    file: FileId,
    what: What,
    aspect: Aspect,
}

/// What is asked of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Aspect {
    /// Its name.
    Name,
    /// Its parent.
    Parent,
    /// Types and names of all that it is part of.
    Parents,
    /// Where it goes.
    Scope,
    /// Whether it is deployed.
    Condition,
}

impl Lowering<'_, '_> {
    /// Runs `inner`, which finds out `aspect` of `target`; `None` where that is being found out already, or was in a circle before.
    pub(super) fn once<T>(
        &mut self,
        env: &Env<'_>,
        target: &Target,
        aspect: Aspect,
        inner: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let question = Question { file: env.source.file, what: target.what, aspect };
        if self.circular.contains(&question) {
            return None;
        }
        if let Some(at) = self.asked.iter().position(|asked| *asked == question) {
            // Everything on the way around has no answer either. Without this mark each of many ways around would be followed.
            let around: Vec<Question> = self.asked.iter().skip(at).copied().collect();
            self.circular.extend(around);
            return None;
        }
        self.asked.push(question);
        let answer = inner(self);
        self.asked.pop();
        answer
    }

    /// Whether `aspect` of `target` was asked in a circle.
    pub(super) fn is_circular(&self, env: &Env<'_>, target: &Target, aspect: Aspect) -> bool {
        self.circular.contains(&Question { file: env.source.file, what: target.what, aspect })
    }
}
