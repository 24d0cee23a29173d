//! Built-in roles by the ids that templates name them by, so that a message says `Owner` and not 36 digits.
//!
//! Source: <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>

const ROLES: [(&str, &str); 20] = [
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
    ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"),
    ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"),
    ("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"),
    ("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator"),
    ("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor"),
    ("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer"),
    ("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"),
    ("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer"),
    ("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User"),
    ("a4417e6f-fecd-4de8-b567-7b0420556985", "Key Vault Certificates Officer"),
    ("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader"),
    ("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"),
    ("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"),
    ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner"),
    ("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull"),
    ("8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush"),
    ("3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher"),
    ("5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", "Cognitive Services OpenAI User"),
];

/// The name of the built-in role whose definition `id` is the id of.
pub(super) fn name(id: &str) -> Option<&'static str> {
    let (start, last) = id.rsplit_once('/')?;
    let of_role = start.to_ascii_lowercase().ends_with("roledefinitions");
    ROLES.iter().find(|(id, _)| of_role && id.eq_ignore_ascii_case(last)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn definitions_of_built_in_roles_have_names() {
        let id = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/8E3AF657-a8ff-443c-a75c-2fe8c4bcb635";
        assert_eq!(name(id), Some("Owner"));
        assert_eq!(name("/providers/Microsoft.Authorization/roleDefinitions/11111111-1111-1111-1111-111111111111"), None);
        assert_eq!(name("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"), None);
    }
}
