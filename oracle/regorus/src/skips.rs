//! Cases that ask for what azward does not do, or does otherwise on purpose, each with its reason.

use crate::cases::Case;

const DETAILS: &str = "asks for the operations of `append` and `modify`: azward judges and changes nothing";
const MODIFIABLE: &str = "asks whether an alias may be modified: azward judges and changes nothing";
const ARITY: &str = "a limit of regorus' own virtual machine, not of Azure Policy";
const KNOWN: &str = "a function that regorus does not have and azward does";
const HOST: &str = "tests the protocol between regorus and its host, which azward does not have";
const FLAT: &str = "the resource is given in regorus' flattened form, which no front end makes";
const FAILS: &str = "an expression fails on what the context lacks: regorus calls that false, azward unknown";
const COLLECTS: &str = "regorus compares the whole list where a field's name is computed; Azure documents that `[*]` asks each item";
const PREFIX: &str = "a path that leaves out the `[*]` of the list that is counted: not documented by Azure";
const SECONDS: &str = "how whole seconds are written is not documented; azward writes all seven digits, as `utcNow()` does";
const ARM: &str = "Azure Resource Manager's own grammar refuses this expression";
const STATE: &str = "the host answers with another state of the resource under judgement";

const SKIPS: &[(&str, &str)] = &[
    ("builtin_arity/and_nine_args", ARITY),
    ("builtin_arity/or_nine_args", ARITY),
    ("builtin_arity/generic_dispatch_overflow", ARITY),
    ("builtin_arity/uppercase_function_name_reports", ARITY),
    ("builtin_arity/nested_overflow", ARITY),
    ("builtin_arity/overflow_after_completed", ARITY),
    ("count/dynamic_if_field_nested_wildcard_under_bound_prefix_collects", COLLECTS),
    ("disabled_short_circuit/non_disabled_cross_resource_effect_reaches_the_host", HOST),
    ("disabled_short_circuit/deploy_if_not_exists_reaches_the_host", HOST),
    ("e2e_activitylog_capture_all_regions/non_compliant_missing_region", FLAT),
    ("e2e_azupdate_scheduled_patching/dine_linux_vm_canonical_ubuntu", FLAT),
    ("e2e_cosmos_max_throughput/pass_sql_db_throughput_within_max", FAILS),
    ("e2e_cosmos_max_throughput/deny_mongodb_throughput_settings", FAILS),
    ("e2e_cosmos_max_throughput/deny_table_autoscale", FAILS),
    ("e2e_cosmos_max_throughput/pass_container_no_throughput", FAILS),
    ("e2e_guest_config_user_identity/pass_windows_vm_with_identity", STATE),
    ("e2e_pg_audit_aine/compliant_pgaudit_", FLAT),
    ("e2e_servicebus_diagnostic_logs/compliant_resource_found_and_condition_passes", FLAT),
    ("e2e_sql_audit_actions_aine/compliant_all_three_groups", FLAT),
    ("e2e_sql_audit_actions_aine/compliant_extras_present", FLAT),
    ("e2e_sql_server_auditing/compliant_resource_found_and_condition_passes", FLAT),
    ("e2e_tags_append/pass_tag_already_exists", FLAT),
    ("e2e_tags_append/pass_tag_matches_value", FLAT),
    ("e2e_tags_inherit_modify/pass_tag_matches", FLAT),
    ("e2e_tags_inherit_modify/pass_rg_tag_missing", FAILS),
    ("modifiable_check/modify_non_modifiable_alias_error", MODIFIABLE),
    ("modifiable_check/modify_mixed_modifiable_non_modifiable_error", MODIFIABLE),
    ("parse_errors/concat_zero_args_is_valid", ARM),
    ("parse_errors/guid_compile_error", KNOWN),
    ("parse_errors/uniquestring_compile_error", KNOWN),
    ("quoted_wildcard/field_fn_quoted_wildcard_legacy_prefix_under_count_binding", PREFIX),
    ("template_functions/fn_int_from_float_string", ARM),
    ("template_functions/fn_string_from_bool", ARM),
    ("template_functions_datetime_ip/addDays_positive", SECONDS),
    ("template_functions_datetime_ip/addDays_negative", SECONDS),
    ("template_functions_datetime_ip/addDays_cross_month", SECONDS),
    ("template_functions_datetime_ip/addDays_with_utcNow", SECONDS),
];

/// Why the case `name` (`file/note`) is left out, if it is.
pub fn reason(name: &str, case: &Case) -> Option<&'static str> {
    if case.want_details.is_some() {
        return Some(DETAILS);
    }
    SKIPS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, reason)| *reason)
}

/// The entries of the table that name no case: they are out of date.
pub fn stale(names: &[String]) -> Vec<&'static str> {
    let unused = |start: &str| !names.iter().any(|name| name.starts_with(start));
    SKIPS.iter().map(|(start, _)| *start).filter(|start| unused(start)).collect()
}
