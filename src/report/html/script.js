(function () {
  "use strict";
  var id = function (name) { return document.getElementById(name); };
  var all = function (query) { return Array.prototype.slice.call(document.querySelectorAll(query)); };
  var ranks = ["critical", "high", "medium", "low", "info"];
  var rows = all(".row"), groups = all(".group"), texts = null;
  var value = function (name) { var element = id(name); return element ? element.value : ""; };
  id("text-filter").hidden = false;
  function wanted(row, at, want) {
    var has = function (name) { return row.classList.contains(name); };
    if (want.severity) { if (!ranks.some(function (word, rank) { return has("s-" + word) ? Number(want.severity) >= rank : false; })) { return false; } }
    if (want.status) { if (!has("v-" + want.status)) { return false; } }
    if (want.theme) { if (!has("t" + want.theme)) { return false; } }
    if (want.spec) { if (!has("p" + want.spec)) { return false; } }
    return want.text ? texts[at].indexOf(want.text) !== -1 : true;
  }
  function apply() {
    var want = { severity: value("f-severity"), status: value("f-status"), theme: value("f-theme"), spec: value("f-spec"), text: value("f-text").trim().toLowerCase() };
    if (want.text) {
      texts = texts || rows.map(function (row) {
        var summary = row.closest(".group").querySelector("summary");
        return (row.textContent + " " + summary.textContent).toLowerCase();
      });
    }
    var live = new Set(), count = { f: 0, clause: 0 }, total = { f: 0, clause: 0 };
    rows.forEach(function (row, at) {
      var kind = row.classList.contains("f") ? "f" : "clause", show = wanted(row, at, want);
      row.hidden = !show;
      total[kind] += 1;
      if (show) { count[kind] += 1; live.add(row.closest(".group")); }
    });
    groups.forEach(function (group) {
      group.hidden = !live.has(group);
      if (want.text) { group.open = live.has(group); }
    });
    var clauses = total.clause ? " and " + count.clause + " of " + total.clause + " clauses" : "";
    id("shown").textContent = "Shown: " + count.f + " of " + total.f + " findings" + clauses + ".";
  }
  all(".filters select").forEach(function (select) { select.addEventListener("change", apply); });
  var waiting = 0;
  id("f-text").addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  apply();
})();
