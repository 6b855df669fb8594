#include "tests/lambda_bridge/package/soak.hpp"

#include <vector>

namespace geocell::test {
namespace {

struct Kind {
  std::string request;
  bool good;
  std::string answer;  // the first
};

std::string call(const std::string& function, const std::string& arguments) {
  return R"({"external_function":"geocell.)" + function + R"(","arguments":)" + arguments + "}";
}

std::string repeated(const std::string& row, int count) {
  std::string rows = "[" + row;
  for (int i = 1; i < count; ++i) rows += "," + row;
  return rows + "]";
}

std::vector<Kind> kinds() {
  const std::string sample =
      R"({"request_id":"23FF1F97-F28A-44AA-AB67-266ED976BF40","cluster":"arn:aws:redshift:xxxx",)"
      R"("user":"adminuser","database":"db1","external_function":"public.quadbin_toparent","query_id":5678234,)"
      R"("num_records":4,"arguments":[[5207251884775047167,3],[5207251884775047167,null],null,)"
      R"([5207251884775047167,4]]})";
  return {
      {sample, true, {}},
      {call("quadbin_isvalid", "[5207251884775047167,null,7]"), true, {}},
      {R"({"external_function":"version_core","num_records":3,"arguments":null})", true, {}},
      {call("s2_touint64repr", R"([[-8520148382826627072],["-8520148382826627072"]])"), true, {}},
      {call("quadbin_fromlonglat", repeated(R"(["-3.7038","40.4168",15])", 1000)), true, {}},
      {call("quadbin_kring", repeated("[5207251884775047167,1]", 100)), true, {}},
      {call("quadbin_polyfill", R"json([["POLYGON((0 0,10 0,10 10,0 10,0 0))",6]])json"), true, {}},
      {call("s2_polyfill", R"json([["POLYGON((0 0,1 0,1 1,0 1,0 0))",8]])json"), true, {}},
      {call("quadbin_boundary", "[[5207251884775047167]]"), true, {}},
      {call("quadbin_toparent",
            "[[5207251884775047167,3],[5207251884775047167,3],[5207251884775047167,3],"
            "[5207251884775047167,27]]"),
       false,
       {}},
      {call("quadbin_tochildren", "[[5192650370358181887,6]]"), false, {}},
      {call("no_such_function", "[[1]]"), false, {}},
      {call("quadbin_sibling", R"([[5207251884775047167,"né"]])"), false, {}},
      {call("quadbin_compact", R"([["[1,"]])"), false, {}},
      {sample.substr(0, 200), false, {}},
      {"", false, {}},
      {"\xff\xfe", false, {}},
      {std::string(2000, '['), false, {}},
  };
}

}  // namespace

SoakReport soak(FakeRuntimeApi& api, const PackagedBootstrap& bootstrap, std::uint64_t invocations) {
  constexpr std::uint64_t kAtOnce = 16;  // so that the bootstrap need not wait for this side
  std::vector<Kind> all = kinds();
  SoakReport report;
  std::vector<std::pair<std::string, Kind*>> under_way;
  for (std::uint64_t i = 0; i < invocations;) {
    under_way.clear();
    for (std::uint64_t k = 0; k < kAtOnce && i < invocations; ++k, ++i) {
      Kind& kind = all[i % all.size()];
      under_way.emplace_back(api.queue(kind.request), &kind);
    }
    for (const auto& [id, kind] : under_way) {
      const FakeRuntimeApi::Answer answer = api.wait_for(id);
      ++report.invocations;
      const bool good = answer.body.starts_with(R"("{\"success\":true)");
      if (!good) ++report.answered_with_error;
      if (kind->answer.empty()) kind->answer = answer.body;
      const bool right = good == kind->good && !answer.is_error && answer.body == kind->answer;
      if (!right && report.wrong.empty()) report.wrong = kind->request + " → " + answer.body;
    }
    if (report.early_bytes == 0 && i >= invocations / 10) report.early_bytes = bootstrap.resident_bytes();
  }
  report.late_bytes = bootstrap.resident_bytes();
  return report;
}

}  // namespace geocell::test
