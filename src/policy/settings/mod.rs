//! What a profile, an environment and the command line say: parameter values by rule and by name.

mod given;
mod parameter;

pub use given::{SettingProblem, Settings};
pub use parameter::{Parameter, ParameterType};
