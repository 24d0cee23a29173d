//! What a step does, told by its action, task or commands.

mod patterns;

use std::sync::LazyLock;

use regex::Regex;

use patterns::TABLE;

/// What a step can do. The names are those of the facts that rules ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Deploys an application or infrastructure.
    Deploys,
    /// Signs in to Azure.
    LogsIn,
    /// Runs unit tests, or tests as a whole.
    RunsTests,
    /// Runs integration or end-to-end tests.
    RunsIntegrationTests,
    /// Checks style, format or types.
    Lints,
    /// Looks for vulnerabilities or secrets.
    ScansSecurity,
    /// Makes what is deployed.
    BuildsArtifact,
    /// Keeps it for later jobs.
    UploadsArtifact,
    /// Takes what an earlier job kept.
    DownloadsArtifact,
    /// Asks the deployed application whether it works.
    SmokeTests,
    /// Swaps deployment slots.
    SwapsSlot,
    /// Migrates a database.
    Migrates,
    /// Backs a database up.
    BacksUp,
    /// Goes back to the version before.
    RollsBack,
    /// Measures coverage.
    MeasuresCoverage,
    /// Publishes test results or coverage.
    PublishesResults,
    /// Checks templates before they are applied.
    ValidatesTemplates,
    /// Waits for a person.
    Approves,
    /// Takes the sources.
    ChecksOut,
    /// Installs what the application needs.
    InstallsDependencies,
    /// Checks types.
    ChecksTypes,
    /// Checks that the style is that of a formatter.
    ChecksFormat,
    /// Asks the monitoring of the deployed application.
    QueriesMonitoring,
    /// Tells people.
    Notifies,
    /// Sets the settings of the deployed application.
    ConfiguresApp,
    /// Reads secrets out of a vault.
    ReadsVault,
    /// Looks at the clock before it goes on.
    GuardsWindow,
    /// Publishes a file of test results.
    PublishesTests,
    /// Writes a file of test results.
    WritesTestResults,
}

impl Fact {
    /// Every fact with its name.
    pub const ALL: [(&'static str, Self); 29] = [
        ("deploys", Self::Deploys),
        ("logsIn", Self::LogsIn),
        ("runsTests", Self::RunsTests),
        ("runsIntegrationTests", Self::RunsIntegrationTests),
        ("lints", Self::Lints),
        ("scansSecurity", Self::ScansSecurity),
        ("buildsArtifact", Self::BuildsArtifact),
        ("uploadsArtifact", Self::UploadsArtifact),
        ("downloadsArtifact", Self::DownloadsArtifact),
        ("smokeTests", Self::SmokeTests),
        ("swapsSlot", Self::SwapsSlot),
        ("migrates", Self::Migrates),
        ("backsUp", Self::BacksUp),
        ("rollsBack", Self::RollsBack),
        ("measuresCoverage", Self::MeasuresCoverage),
        ("publishesResults", Self::PublishesResults),
        ("validatesTemplates", Self::ValidatesTemplates),
        ("approves", Self::Approves),
        ("checksOut", Self::ChecksOut),
        ("installsDependencies", Self::InstallsDependencies),
        ("checksTypes", Self::ChecksTypes),
        ("checksFormat", Self::ChecksFormat),
        ("queriesMonitoring", Self::QueriesMonitoring),
        ("notifies", Self::Notifies),
        ("configuresApp", Self::ConfiguresApp),
        ("readsVault", Self::ReadsVault),
        ("guardsWindow", Self::GuardsWindow),
        ("publishesTests", Self::PublishesTests),
        ("writesTestResults", Self::WritesTestResults),
    ];
}

/// What one step does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    bits: u32,
    /// What is deployed: `webApp`, `template` ….
    pub target: Option<&'static str>,
}

impl Facts {
    /// Whether `fact` is among them.
    pub const fn has(self, fact: Fact) -> bool {
        self.bits & (1 << fact as u32) != 0
    }

    /// Adds `fact`.
    pub const fn add(&mut self, fact: Fact) {
        self.bits |= 1 << fact as u32;
    }

    /// Takes `fact` away.
    pub const fn remove(&mut self, fact: Fact) {
        self.bits &= !(1 << fact as u32);
    }

    /// Adds all of `other`.
    pub fn join(&mut self, other: Self) {
        self.bits |= other.bits;
        self.target = self.target.or(other.target);
    }
}

struct Pattern {
    fact: Fact,
    target: Option<&'static str>,
    regex: Regex,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let compile = |&(fact, target, regex): &(Fact, &'static str, &str)| {
        let regex = Regex::new(&format!("(?i){regex}")).ok()?;
        Some(Pattern { fact, target: (!target.is_empty()).then_some(target), regex })
    };
    TABLE.iter().filter_map(compile).collect()
});

/// What `text` does: a command, `uses: owner/action inputs`, or `task: Name inputs`.
pub fn classify(text: &str) -> Facts {
    let mut facts = Facts::default();
    for pattern in PATTERNS.iter().filter(|pattern| pattern.regex.is_match(text)) {
        facts.add(pattern.fact);
        facts.target = facts.target.or(pattern.target);
    }
    let lower = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if facts.has(Fact::RunsIntegrationTests)
        && has(&["not integration", "not e2e", "ignore=tests/integration", "ignore=tests/e2e", "ignore tests/integration"])
    {
        facts.remove(Fact::RunsIntegrationTests);
    }
    if facts.has(Fact::RunsTests) && has(&["--collect-only", "skiptests", "maven.test.skip", "pip install", "npm install", "-x test"]) {
        facts.remove(Fact::RunsTests);
        facts.remove(Fact::RunsIntegrationTests);
    }
    if facts.has(Fact::Deploys) && has(&["what-if", "--dry-run", "validate", "-whatif"]) {
        facts.remove(Fact::Deploys);
        facts.add(Fact::ValidatesTemplates);
        facts.target = None;
    }
    if only_installs(&lower) {
        let mut facts = Facts::default();
        if ["requirements", "-r ", "-e .", "pip install ."].iter().any(|word| lower.contains(word)) {
            facts.add(Fact::InstallsDependencies);
        }
        return facts;
    }
    facts
}

/// Whether a command only installs tools: naming a scanner does not run it.
pub fn only_installs(lower: &str) -> bool {
    const INSTALLS: [&str; 11] = [
        "pip install",
        "uv pip install",
        "uv tool install",
        "pip3 install",
        "python -m pip install",
        "npm install -g",
        "npm i -g",
        "apt-get install",
        "sudo apt-get install",
        "choco install",
        "echo ",
    ];
    !lower.contains("&&") && !lower.contains(';') && INSTALLS.iter().any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        let facts = classify(text);
        Fact::ALL.iter().filter(|(_, fact)| facts.has(*fact)).map(|(name, _)| *name).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), TABLE.len());
    }

    #[test]
    fn commands_and_actions_are_told_apart() {
        assert_eq!(names("python -m pytest src"), ["runsTests"]);
        assert_eq!(names("pytest -m \"not integration\" --cov=src"), ["runsTests", "measuresCoverage"]);
        assert_eq!(names("pytest tests/integration"), ["runsTests", "runsIntegrationTests"]);
        assert_eq!(names("az deployment group create --template-file a.bicep"), ["deploys"]);
        assert_eq!(names("az deployment group what-if --template-file a.bicep"), ["validatesTemplates"]);
        assert_eq!(names("uses: azure/webapps-deploy@v3"), ["deploys"]);
        assert_eq!(classify("terraform apply plan").target, Some("terraform"));
        assert_eq!(names("pip install bandit pytest"), [""; 0]);
        assert_eq!(names("pip install -r requirements.txt"), ["installsDependencies"]);
        assert_eq!(names("curl --fail https://x.azurewebsites.net/health"), ["smokeTests"]);
        assert_eq!(names("mypy src"), ["lints", "checksTypes"]);
        assert_eq!(names("az webapp deployment slot swap --slot staging"), ["deploys", "swapsSlot"]);
        assert_eq!(names("echo Deploying"), [""; 0]);
    }
}
