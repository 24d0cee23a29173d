use super::{Child, Collector, Listed, Table};

const SITE: &[&str] = &["Microsoft.Web/sites"];
const SLOT: &[&str] = &["Microsoft.Web/sites/slots"];
const STATIC: &[&str] = &["Microsoft.Web/staticSites"];
const API: &str = "2023-12-01";
const CONFIG: &str = "Microsoft.Web/sites/config";
/// What the ids of references name: which settings are Key Vault references, and whether they resolve.
const REFERENCES: &str = "Microsoft.Web/sites/config/appsettings";
const CONFIG_READ: &str = "Microsoft.Web/sites/config/read";

/// Web apps, slots, plans, certificates and static sites. Settings are read as references alone; `config/appsettings/list`,
/// which hands out values, is never called.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Web/sites", API),
        Listed { kind: "Microsoft.Web/sites/slots", list: None },
        Listed::new("Microsoft.Web/serverfarms", API),
        Listed::new("Microsoft.Web/staticSites", API),
        Listed { kind: "Microsoft.Web/certificates", list: None },
    ],
    children: &[
        Child::one(SITE, CONFIG, "/config/web", API, CONFIG_READ),
        Child::one(SITE, CONFIG, "/config/authsettingsV2", API, CONFIG_READ),
        Child::one(SITE, CONFIG, "/config/slotConfigNames", API, CONFIG_READ),
        Child::list(SITE, REFERENCES, "/config/configreferences/appsettings", API, CONFIG_READ),
        Child::list(
            SITE,
            "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
            "/basicPublishingCredentialsPolicies",
            API,
            "Microsoft.Web/sites/basicPublishingCredentialsPolicies/read",
        ),
        Child::list(SITE, "Microsoft.Web/sites/hostNameBindings", "/hostNameBindings", API, "Microsoft.Web/sites/hostNameBindings/read"),
        Child::one(
            SITE,
            "Microsoft.Web/sites/networkConfig",
            "/networkConfig/virtualNetwork",
            API,
            "Microsoft.Web/sites/networkConfig/read",
        ),
        Child::list(SITE, "Microsoft.Web/sites/slots", "/slots", API, "Microsoft.Web/sites/slots/read").in_graph(),
        Child::one(SLOT, "Microsoft.Web/sites/slots/config", "/config/web", API, "Microsoft.Web/sites/slots/config/read"),
        Child::list(
            SLOT,
            "Microsoft.Web/sites/slots/hostNameBindings",
            "/hostNameBindings",
            API,
            "Microsoft.Web/sites/slots/hostNameBindings/read",
        ),
        Child::one(
            SLOT,
            "Microsoft.Web/sites/slots/networkConfig",
            "/networkConfig/virtualNetwork",
            API,
            "Microsoft.Web/sites/slots/networkConfig/read",
        ),
        Child::list(
            STATIC,
            "Microsoft.Web/staticSites/linkedBackends",
            "/linkedBackends",
            API,
            "Microsoft.Web/staticSites/linkedBackends/read",
        ),
        Child::list(
            STATIC,
            "Microsoft.Web/staticSites/userProvidedFunctionApps",
            "/userProvidedFunctionApps",
            API,
            "Microsoft.Web/staticSites/userProvidedFunctionApps/read",
        ),
        Child::list(
            STATIC,
            "Microsoft.Web/staticSites/customDomains",
            "/customDomains",
            API,
            "Microsoft.Web/staticSites/customDomains/read",
        ),
    ],
    tables: &[Table { name: "appserviceresources", kinds: &["microsoft.web/sites/config", "microsoft.web/sites/slots/config"] }],
    ..Collector::new("app-service")
};
