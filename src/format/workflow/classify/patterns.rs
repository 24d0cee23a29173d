//! Actions, tasks and commands by what they do. Names are public facts of the tools' documentation.

use super::Fact::{
    self, Approves, BacksUp, BuildsArtifact, ChecksFormat, ChecksOut, ChecksTypes, ConfiguresApp, Deploys, DownloadsArtifact, GuardsWindow,
    InstallsDependencies, Lints, LogsIn, MeasuresCoverage, Migrates, Notifies, PublishesResults, PublishesTests, QueriesMonitoring,
    ReadsVault, RollsBack, RunsIntegrationTests, RunsTests, ScansSecurity, SmokeTests, SwapsSlot, UploadsArtifact, ValidatesTemplates,
    WritesTestResults,
};

/// Fact, what is deployed, and a regular expression in any case over `uses: …`, `task: …` or a command.
pub(super) const TABLE: &[(Fact, &str, &str)] = &[
    (Deploys, "webApp", r"^uses: azure/(?:webapps-deploy|webapps-container-deploy|spring-apps-deploy)\b"),
    (Deploys, "functionApp", r"^uses: azure/functions-(?:container-)?action\b"),
    (Deploys, "staticWebApp", r"^uses: azure/static-web-apps-deploy\b"),
    (Deploys, "template", r"^uses: azure/(?:arm-deploy|bicep-deploy)\b"),
    (Deploys, "container", r"^uses: azure/(?:container-apps-deploy-action|aci-deploy|k8s-deploy|aks-deploy)\b"),
    (Deploys, "webApp", r"^task: (?:AzureWebApp|AzureRmWebAppDeployment|AzureWebAppContainer|AzureSpringCloud)\b"),
    (Deploys, "functionApp", r"^task: AzureFunctionApp(?:Container)?\b"),
    (Deploys, "staticWebApp", r"^task: AzureStaticWebApp\b"),
    (Deploys, "template", r"^task: (?:AzureResourceManagerTemplateDeployment|AzureResourceGroupDeployment)\b"),
    (Deploys, "container", r"^task: (?:AzureContainerApps|KubernetesManifest|HelmDeploy)\b"),
    (Deploys, "terraform", r"^task: TerraformTask\w*@.*command: apply"),
    (Deploys, "webApp", r"\baz webapp (?:deploy\b|up\b|deployment source\b|config container set\b)|\bPublish-AzWebApp\b"),
    (
        Deploys,
        "functionApp",
        r"\baz functionapp (?:deploy\b|deployment source\b|config container set\b)|\bfunc azure functionapp publish\b",
    ),
    (Deploys, "staticWebApp", r"\bswa deploy\b"),
    (
        Deploys,
        "template",
        r"\baz (?:deployment|stack) (?:group|sub|mg|tenant) (?:create|what-if|validate)\b|\bNew-Az\w*Deployment(?:Stack)?\b|\bazd (?:up|deploy|provision)\b",
    ),
    (
        Deploys,
        "container",
        r"\baz containerapp (?:up|update|create)\b|\baz container create\b|\bkubectl (?:apply|set image)\b|\bhelm (?:upgrade|install)\b",
    ),
    (Deploys, "terraform", r"\b(?:terraform|tofu|terragrunt)\b(?: -\S+)* (?:run-all )?apply\b"),
    (Deploys, "slot", r"\baz (?:webapp|functionapp) deployment slot swap\b|\bSwitch-AzWebAppSlot\b"),
    (Deploys, "slot", r"^task: AzureAppServiceManage@\S*(?: .*action: Swap Slots|\s*$)"),
    (
        SwapsSlot,
        "",
        r"\baz (?:webapp|functionapp) deployment slot swap\b|\bSwitch-AzWebAppSlot\b|^task: AzureAppServiceManage@\S*(?: .*action: Swap Slots|\s*$)",
    ),
    (LogsIn, "", r"^uses: azure/login\b|\baz login\b|\bConnect-AzAccount\b"),
    (
        RunsTests,
        "",
        r"(?:^|[\s/;&])(?:pytest|tox|nox|jest|vitest|mocha|ctest|phpunit|rspec|xunit)(?:[\s;&]|$)|\bpython3? -m (?:pytest|unittest|tox|nox)\b|\bmanage\.py test\b",
    ),
    (
        RunsTests,
        "",
        r"\b(?:npm|yarn|pnpm|bun)(?: run)?(?: -\S+)* (?:\w+[:-])?(?:test|t)(?:[:\s;&-]|$)|\bdotnet (?:test|vstest)\b|\bgo test\b|\bcargo (?:test|nextest)\b|\bInvoke-Pester\b",
    ),
    (RunsTests, "", r"\bmvnw?\b.*\b(?:test|verify|package|install)\b|\bgradlew?\b.*\b(?:test|check|build)\b|\bmake (?:\w+-)?tests?\b"),
    (
        RunsTests,
        "",
        r"^uses: cypress-io/github-action\b|^task: (?:VSTest|Maven|Gradle)@|^task: DotNetCoreCLI@.*command: test|^task: Npm@.*\btest\b",
    ),
    (
        RunsIntegrationTests,
        "",
        r"\b(?:pytest|tox|nox|unittest|jest|vitest|mocha|npm|yarn|pnpm|dotnet|go|cargo|make|mvnw?|gradlew?|command: test)\b.*(?:integration|e2e|end-to-end|\bit\b)",
    ),
    (
        RunsIntegrationTests,
        "",
        r"\b(?:playwright test|cypress run|newman run|behave)\b|^uses: cypress-io/github-action\b|\bmvnw?\b.*\bverify\b",
    ),
    (
        Lints,
        "",
        r"\b(?:pylint|flake8|ruff|mypy|pyright|eslint|isort|tflint|golangci-lint|shellcheck|actionlint|yamllint|hadolint|markdownlint|pre-commit run)\b",
    ),
    (
        Lints,
        "",
        r"\bblack\b|\bprettier\b.*--check|\bdotnet format\b|\bcargo (?:clippy|fmt)\b|\b(?:npm|yarn|pnpm)(?: run)? (?:lint|typecheck|format:check)\b|\baz bicep lint\b|super-linter|\btsc\b.*--noEmit",
    ),
    (
        ScansSecurity,
        "",
        r"\b(?:bandit|semgrep|trivy|snyk|pip-audit|checkov|tfsec|gitleaks|grype|osv-scanner|trufflehog|detect-secrets|safety (?:check|scan)|npm audit|yarn audit|pnpm audit|cargo audit|azward)\b",
    ),
    (
        ScansSecurity,
        "",
        r"\bdotnet list\b.*--vulnerable|^uses: (?:github/codeql-action/analyze|microsoft/security-devops-action|actions/dependency-review-action|sonarsource/|checkmarx/|zaproxy/|veracode/)",
    ),
    (
        ScansSecurity,
        "",
        r"^task: (?:MicrosoftSecurityDevOps|AdvancedSecurity-(?:Codeql-Analyze|Dependency-Scanning)|CredScan|SonarCloudAnalyze|SonarQubeAnalyze|WhiteSource|Veracode|Fortify|dependency-check)",
    ),
    (
        BuildsArtifact,
        "",
        r"\b(?:npm|yarn|pnpm)(?: run)? build\b|\bdotnet (?:build|publish)\b|\bdocker (?:buildx )?build\b|\bpython3? -m build\b|\bmvnw?\b.*\bpackage\b|\bgradlew?\b.*\bbuild\b|\bzip -|\baz acr build\b",
    ),
    (BuildsArtifact, "", r"^uses: docker/build-push-action\b|^task: (?:ArchiveFiles|Docker)@|^task: DotNetCoreCLI@.*command: publish"),
    (
        UploadsArtifact,
        "",
        r"^uses: (?:actions/upload-artifact|docker/build-push-action)\b|\bdocker push\b|\baz acr build\b|^task: (?:PublishBuildArtifacts|PublishPipelineArtifact|Docker)@|^publish:",
    ),
    (
        DownloadsArtifact,
        "",
        r"^uses: (?:actions/download-artifact|dawidd6/action-download-artifact)\b|^task: Download(?:BuildArtifacts|PipelineArtifact)@|^download:|\bgh run download\b",
    ),
    (
        SmokeTests,
        "",
        r"\bsmoke|\b(?:curl|wget|Invoke-WebRequest|Invoke-RestMethod|iwr|http)\b.*(?:health|ready|live|ping|status|azurewebsites\.net)|health[-_ ]?check",
    ),
    (
        Migrates,
        "",
        r"\balembic\b.*\bupgrade\b|\bmanage\.py migrate\b|\bflask db upgrade\b|\bdotnet ef database update\b|\befbundle\b|\bprisma migrate deploy\b|\bflyway\b.*\bmigrate\b|\bliquibase\b.*\bupdate\b",
    ),
    (
        Migrates,
        "",
        r"\bknex migrate|\bdb:migrate\b|\bmigration:run\b|\bsqlpackage\b.*publish|\batlas migrate apply\b|\bgoose\b.* up\b|\bdbmate up\b|^uses: azure/sql-action\b|^task: SqlAzureDacpacDeployment@",
    ),
    (
        BacksUp,
        "",
        r"\bpg_dump\b|\bmysqldump\b|\baz (?:postgres|mysql)\b.*\bbackup\b|\baz sql db (?:export|copy)\b|\baz backup protection backup-now\b",
    ),
    (RollsBack, "", r"\broll-?_? ?back|\bkubectl rollout undo\b|\bhelm rollback\b"),
    (
        MeasuresCoverage,
        "",
        r"--cov\b|--coverage\b|\bcoverage (?:run|xml|report)\b|XPlat Code Coverage|jacoco|\bcargo llvm-cov\b|codeCoverageEnabled",
    ),
    (
        PublishesResults,
        "",
        r"^uses: (?:codecov/|coverallsapp/|dorny/test-reporter|enricomi/publish-unit-test-result-action|mikepenz/action-junit-report)|^task: Publish(?:TestResults|CodeCoverageResults)@|^uses: actions/upload-artifact\b.*(?:coverage|junit|test-?results|htmlcov|\.trx)|GITHUB_STEP_SUMMARY.*coverage|coverage.*GITHUB_STEP_SUMMARY",
    ),
    (Approves, "", r"^uses: trstringer/manual-approval\b|^task: ManualValidation@"),
    (ValidatesTemplates, "", r"\b(?:terraform|tofu) (?:plan|validate)\b|\baz bicep (?:build|lint)\b|\bazward scan\b"),
    (ChecksOut, "", r"^uses: [\w.-]+/(?:[\w.-]*-)?checkout@|^checkout:|\bgit clone\b"),
    (
        InstallsDependencies,
        "",
        r"\b(?:npm (?:ci|install|i)|yarn install|pnpm (?:i|install)|poetry install|pipenv (?:install|sync)|uv sync|dotnet restore|bundle install|composer install)\b|\bpip3? install\b.*(?:-r|requirements|-e \.)|^task: (?:NuGetCommand|Npm)@.*\b(?:restore|ci|install)\b",
    ),
    (
        ChecksTypes,
        "",
        r"\b(?:mypy|pyright|pytype)\b|\btsc\b|\b(?:npm|yarn|pnpm)(?: run)? (?:typecheck|type-check)\b|\b(?:dotnet build|cargo (?:check|clippy|build)|go (?:vet|build))\b",
    ),
    (
        ChecksFormat,
        "",
        r"\b(?:black|isort)\b|\bruff format\b|\bprettier\b.*(?:--check|-c)\b|\bdotnet format\b|\bcargo fmt\b|\bgofmt\b|\bterraform fmt\b.*-check|\bpre-commit run\b|super-linter|\b(?:npm|yarn|pnpm)(?: run)? format",
    ),
    (
        QueriesMonitoring,
        "",
        r"\baz monitor (?:app-insights (?:query|metrics|events)|log-analytics query|metrics (?:list|alert)|activity-log list)\b|\bInvoke-AzOperationalInsightsQuery\b|\bGet-AzMetric\b|^task: AzureMonitor@|api\.applicationinsights\.io|api\.loganalytics",
    ),
    (
        Notifies,
        "",
        r"^uses: \S*(?:slack|teams|discord|send-mail|action-send-mail|pagerduty|notify)\S*@|^uses: slackapi/|hooks\.slack\.com|webhook\.office\.com|events\.pagerduty\.com|\bgh issue create\b|_WEBHOOK\b|^task: (?:SendEmail|SlackNotification)\S*@",
    ),
    (
        ConfiguresApp,
        "",
        r"^uses: azure/appservice-settings@|^task: AzureAppServiceSettings@|^task: \S+@.*\b(?:appSettings|AppSettings): \S|\baz (?:webapp|functionapp) config (?:appsettings|connection-string) set\b|\baz appconfig kv (?:import|set)\b|\baz containerapp update\b.*--set-env-vars|\.bicepparam\b|-var-file|parameters?\.\w+\.json\b|^task: FileTransform@",
    ),
    (
        ReadsVault,
        "",
        r"\baz keyvault secret (?:show|download|list)\b|\bGet-AzKeyVaultSecret\b|^task: AzureKeyVault@|^uses: azure/get-keyvault-secrets@",
    ),
    (GuardsWindow, "", r"\bdate\b.*%[uaAHw]|\bGet-Date\b.*(?:DayOfWeek|Hour)|(?:deployment|deploy|change|maintenance)[-_ ]?window"),
    (
        PublishesTests,
        "",
        r"^task: PublishTestResults@|^uses: (?:dorny/test-reporter|enricomi/publish-unit-test-result-action|mikepenz/action-junit-report)",
    ),
    (
        WritesTestResults,
        "",
        r"--junit-?xml\b|--logger\b.*trx|jest-junit|--reporters?[ =]\S*junit|--output-format[ =]junit|--test-results|cargo nextest run\b|^task: (?:DotNetCoreCLI|VSTest|Maven|Gradle)@|\bmvnw?\b|\bgradlew?\b",
    ),
];
