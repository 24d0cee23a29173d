use super::{Answer, Arguments, Function, Reads, Run};
use super::{arrays, cidr, context, convert, dates, encode, format, hash, ids, logic, numbers, objects, search, strings, uri};
use crate::expression::{Evaluator, Expr, higher, lazy};
use crate::model::Value;

const ANY: u8 = u8::MAX;

const fn pure(name: &'static str, fewest: u8, most: u8, returns: &'static str, run: fn(Arguments<'_>) -> Answer) -> Function {
    let returns = if returns.is_empty() { None } else { Some(returns) };
    Function { name, fewest, most, returns, sees_unknowns: false, reads: Reads::All, run: Run::Pure(run) }
}

const fn lazy(name: &'static str, fewest: u8, most: u8, run: fn(&mut Evaluator<'_>, &[Expr]) -> Value) -> Function {
    Function { name, fewest, most, returns: None, sees_unknowns: true, reads: Reads::Nothing, run: Run::Lazy(run) }
}

impl Function {
    /// Computes with unknown arguments by itself.
    const fn partial(mut self) -> Self {
        self.sees_unknowns = true;
        self
    }

    /// Reads the arguments, not what is inside them.
    const fn surface(mut self) -> Self {
        self.reads = Reads::Surface;
        self
    }

    /// Puts the arguments into a container.
    const fn contains(mut self) -> Self {
        self.sees_unknowns = true;
        self.reads = Reads::Nothing;
        self
    }

    /// Looks at the size alone.
    const fn size(mut self) -> Self {
        self.sees_unknowns = true;
        self.reads = Reads::Size;
        self
    }
}

/// Every function, sorted by lower-case name.
pub static ALL: &[Function] = &[
    pure("add", 2, 2, "int", numbers::add),
    pure("addDays", 2, 2, "string", dates::add_days),
    lazy("and", 1, ANY, lazy::and),
    pure("any", 1, 1, "", logic::same).contains(),
    pure("array", 1, 1, "array", convert::array).contains(),
    pure("base64", 1, 1, "string", encode::base64),
    pure("base64ToJson", 1, 1, "", encode::base64_to_json),
    pure("base64ToString", 1, 1, "string", encode::base64_to_string),
    pure("bool", 1, 1, "bool", logic::bool),
    pure("buildUri", 1, 1, "string", uri::build_uri),
    pure("cidrHost", 2, 2, "string", cidr::cidr_host),
    pure("cidrSubnet", 3, 3, "string", cidr::cidr_subnet),
    lazy("coalesce", 1, ANY, lazy::coalesce),
    pure("concat", 0, ANY, "", strings::concat).surface().partial(),
    pure("contains", 2, 2, "bool", search::contains).surface().partial(),
    pure("createArray", 0, ANY, "array", convert::create_array).contains(),
    pure("createObject", 0, ANY, "object", convert::create_object).contains(),
    pure("dataUri", 1, 1, "string", encode::data_uri),
    pure("dataUriToString", 1, 1, "string", encode::data_uri_to_string),
    pure("dateTimeAdd", 2, 3, "string", dates::add),
    pure("dateTimeFromEpoch", 0, 1, "string", dates::from_epoch),
    pure("dateTimeToEpoch", 0, 1, "int", dates::to_epoch),
    pure("distinct", 1, 1, "array", arrays::distinct).surface().partial(),
    pure("div", 2, 2, "int", numbers::div),
    pure("empty", 1, 1, "bool", search::empty).size(),
    pure("endsWith", 2, 2, "bool", search::ends_with).partial(),
    pure("equals", 2, 2, "bool", logic::equals).partial(),
    pure("extensionResourceId", 3, ANY, "string", ids::extension).partial(),
    pure("fail", 1, 1, "", logic::fail),
    pure("false", 0, 0, "bool", logic::no),
    lazy("filter", 2, 2, higher::filter),
    pure("first", 1, 1, "", arrays::first).surface().partial(),
    pure("flatten", 1, 1, "array", arrays::flatten).surface().partial(),
    pure("float", 1, 1, "float", convert::float),
    pure("format", 1, ANY, "string", format::format).partial(),
    pure("greater", 2, 2, "bool", logic::greater).partial(),
    pure("greaterOrEquals", 2, 2, "bool", logic::greater_or_equals).partial(),
    lazy("groupBy", 2, 3, higher::group_by),
    pure("guid", 1, ANY, "string", hash::guid),
    lazy("if", 3, 3, lazy::choose),
    pure("indexFromEnd", 2, 2, "", arrays::index_from_end).surface().partial(),
    pure("indexOf", 2, 2, "int", search::index_of).partial(),
    pure("int", 1, 1, "int", convert::int),
    pure("intersection", 1, ANY, "", arrays::intersection).surface().partial(),
    pure("ipRangeContains", 2, 2, "bool", cidr::ip_range_contains),
    pure("items", 1, 1, "array", objects::items).surface().partial(),
    pure("join", 2, 2, "string", strings::join).partial(),
    pure("json", 1, 1, "", convert::json),
    lazy("lambda", 1, ANY, higher::bare),
    lazy("lambdaVariables", 1, 1, higher::variable),
    pure("last", 1, 1, "", arrays::last).surface().partial(),
    pure("lastIndexOf", 2, 2, "int", search::last_index_of).partial(),
    pure("length", 1, 1, "int", search::length).size(),
    pure("less", 2, 2, "bool", logic::less).partial(),
    pure("lessOrEquals", 2, 2, "bool", logic::less_or_equals).partial(),
    pure("like", 2, 2, "bool", search::like),
    lazy("map", 2, 2, higher::map),
    lazy("mapValues", 2, 2, higher::map_values),
    pure("max", 1, ANY, "int", numbers::max),
    pure("min", 1, ANY, "int", numbers::min),
    pure("mod", 2, 2, "int", numbers::modulo),
    pure("mul", 2, 2, "int", numbers::mul),
    pure("newGuid", 0, 0, "string", context::at_every_run),
    pure("not", 1, 1, "bool", logic::not).partial(),
    pure("null", 0, 0, "", logic::null),
    pure("objectKeys", 1, 1, "array", objects::object_keys).surface().partial(),
    lazy("or", 1, ANY, lazy::or),
    pure("padLeft", 2, 3, "string", strings::pad_left).partial(),
    pure("parseCidr", 1, 1, "object", cidr::parse_cidr),
    pure("parseUri", 1, 1, "object", uri::parse_uri),
    pure("pickZones", 3, 5, "array", context::of_the_subscription),
    pure("range", 2, 2, "array", arrays::range),
    lazy("reduce", 3, 3, higher::reduce),
    pure("replace", 3, 3, "string", strings::replace).partial(),
    pure("shallowMerge", 1, 1, "object", objects::shallow_merge).surface().partial(),
    pure("skip", 2, 2, "", arrays::skip).surface().partial(),
    lazy("sort", 2, 2, higher::sort),
    pure("split", 2, 2, "array", strings::split),
    pure("startsWith", 2, 2, "bool", search::starts_with).partial(),
    pure("string", 1, 1, "string", convert::string).partial(),
    pure("sub", 2, 2, "int", numbers::sub),
    pure("substring", 2, 3, "string", strings::substring).partial(),
    pure("take", 2, 2, "", arrays::take).surface().partial(),
    pure("tenantResourceId", 2, ANY, "string", ids::tenant).partial(),
    pure("toLogicalZone", 3, 3, "string", context::of_the_subscription),
    pure("toLogicalZones", 3, 3, "array", context::of_the_subscription),
    pure("toLower", 1, 1, "string", strings::to_lower).partial(),
    lazy("toObject", 2, 3, higher::to_object),
    pure("toPhysicalZone", 3, 3, "string", context::of_the_subscription),
    pure("toPhysicalZones", 3, 3, "array", context::of_the_subscription),
    pure("toUpper", 1, 1, "string", strings::to_upper).partial(),
    pure("trim", 1, 1, "string", strings::trim).partial(),
    pure("true", 0, 0, "bool", logic::yes),
    lazy("tryGet", 1, ANY, lazy::try_get),
    pure("tryIndexFromEnd", 2, 2, "", arrays::try_index_from_end).surface().partial(),
    pure("union", 1, ANY, "", arrays::union).surface().partial(),
    pure("uniqueString", 1, ANY, "string", hash::unique_string),
    pure("uri", 2, 2, "string", uri::uri),
    pure("uriComponent", 1, 1, "string", encode::uri_component),
    pure("uriComponentToString", 1, 1, "string", encode::uri_component_to_string),
    pure("utcNow", 0, 1, "string", context::at_every_run),
];

/// A binary search that folds case as it goes: no allocation.
pub fn find(name: &str) -> Option<&'static Function> {
    let at = ALL.binary_search_by(|row| compare(row.name, name)).ok()?;
    ALL.get(at)
}

fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_finds_every_name_in_any_case() {
        for pair in ALL.windows(2) {
            assert_eq!(compare(pair[0].name, pair[1].name), std::cmp::Ordering::Less, "{} before {}", pair[0].name, pair[1].name);
        }
        for row in ALL {
            assert_eq!(find(&row.name.to_uppercase()).map(|found| found.name), Some(row.name));
        }
        assert!(find("noSuchFunction").is_none());
    }

    #[test]
    fn the_page_lists_every_function_once() {
        let page = include_str!("../../../docs/functions.md");
        let listed: Vec<&str> = page.lines().filter(|line| line.starts_with('`')).flat_map(|line| line.split(", ")).collect();
        let names = ALL.iter().map(|row| row.name).chain(super::super::CONTEXTUAL.iter().copied());
        let mut wanted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let mut listed: Vec<String> = listed.into_iter().map(str::to_owned).collect();
        wanted.sort();
        listed.sort();
        assert_eq!(listed, wanted, "docs/functions.md and the table differ");
    }
}
