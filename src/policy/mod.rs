//! Rule files and the condition language: parse, check, compile, evaluate, test.
