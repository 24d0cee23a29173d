//! ARM's template expression language: parser, evaluator and function library, shared by templates and policies.
