use super::{Child, Collector};

/// Who may do what, what is locked, and which policies are assigned, as seen from the subscription.
pub(super) const COLLECTOR: Collector = Collector {
    subscription: &[
        Child::list(
            &[],
            "Microsoft.Authorization/locks",
            "/providers/Microsoft.Authorization/locks",
            "2020-05-01",
            "Microsoft.Authorization/locks/read",
        ),
        Child::list(
            &[],
            "Microsoft.Authorization/roleAssignments",
            "/providers/Microsoft.Authorization/roleAssignments",
            "2022-04-01",
            "Microsoft.Authorization/roleAssignments/read",
        ),
        Child::list(
            &[],
            "Microsoft.Authorization/roleDefinitions",
            "/providers/Microsoft.Authorization/roleDefinitions",
            "2022-04-01",
            "Microsoft.Authorization/roleDefinitions/read",
        )
        .with(&[("$filter", "type eq 'CustomRole'")]),
        Child::list(
            &[],
            "Microsoft.Authorization/policyAssignments",
            "/providers/Microsoft.Authorization/policyAssignments",
            "2024-05-01",
            "Microsoft.Authorization/policyAssignments/read",
        ),
    ],
    ..Collector::new("authorization")
};
