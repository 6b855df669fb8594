// The two parsers of requests give the same answers. A request with an object among its fields is left to the
// one that builds a document; the same request without it is taken in one pass.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "lambda_bridge/engines/redshift/redshift_codec.hpp"

namespace geocell::bridge {
namespace {

const std::vector<std::string>& requests() {
  static const std::vector<std::string> requests = {
      R"json("user":"a","external_function":"quadbin_toparent","query_id":5,"num_records":4,"arguments":[[5207251884775047167,3],[5207251884775047167,null],null,[5207251884775047167,4]]})json",
      R"json("external_function":"s.__quadbin_fromlonglat","arguments":[["-3.7038","40.4168",4],[1e2,-0.0,26],["NaN",0,4],["1e-400","-0.0",3],["1e400",1,2],[" 1",2,3],["1.",".5","7"],["+1",2,3],["0x1","1",2],["12345678901234567890.5","1e-30",20],["01","2",3]]})json",
      R"json("external_function":"quadbin_kring","arguments":[[5207251884775047167,1],["5207251884775047167",2.0],[18446744073709551615,1]]})json",
      R"json("external_function":"quadbin_isvalid","arguments":[5207251884775047167,"\u00e9\n",true,false,null,[]]})json",
      R"json("external_function":"quadbin_polyfill","arguments":[["POLYGON((0 0,10 0,10 10,0 0))",4],["POLYGON((0 0,10 0,10 10,0 0))",4],["{\"type\":\"Point\",\"coordinates\":[1,2]}",4,"intersects"]]})json",
      R"json("external_function":"quadbin_compact","arguments":[["[5207251884775047167]"],[[5207251884775047167]],[{}]]})json",
      R"json("external_function":"s2_toparent","arguments":[[955378847514099712],[955378847514099712,1],[955378847514099712,1,2]]})json",
      R"json("num_records":2,"external_function":"version_core","arguments":null})json",
      R"json("external_function":"version_core","num_records":2,"arguments":[[],[]]})json",
      R"json("external_function":"nöpe","arguments":[[1]]})json",
      R"json("arguments":[[5207251884775047167]],"external_function":"quadbin_resolution"})json",
      R"json("external_function":"quadbin_resolution","num_records":7,"arguments":[[5207251884775047167]]})json",
  };
  return requests;
}

class BothParsers : public ::testing::Test {
 protected:
  // `fields`: a request without its opening brace.
  void expect_same(const std::string& fields) {
    const std::string in_one_pass = answer("{" + fields);
    const std::string as_document = answer(R"({"detour":{},)" + fields);
    EXPECT_EQ(in_one_pass, as_document) << fields;
  }
  std::string answer(std::string request) {
    std::string answers;
    for (const RowErrors row_errors : {RowErrors::fail, RowErrors::as_value, RowErrors::as_null}) {
      RedshiftOptions options;
      options.batch.row_errors = row_errors;
      Summary summary;
      answers += codec_.answer(request, options, summary);
      answers += summary.kind + std::to_string(summary.items) + summary.error + "\n";
    }
    return answers;
  }

  RedshiftCodec codec_;
};

TEST_F(BothParsers, AgreeOnRequests) {
  for (const std::string& request : requests()) expect_same(request);
}

TEST_F(BothParsers, AgreeOnEveryTruncation) {
  for (const std::string& request : requests()) {
    for (std::size_t length = 0; length < request.size(); ++length) expect_same(request.substr(0, length));
    expect_same(request + "}");
    expect_same(request + " 1");
  }
}

// A changed, removed or doubled byte, of fixed seed.
TEST_F(BothParsers, AgreeOnDamage) {
  std::mt19937 random(11);
  const std::string bytes = "\"\\{}[]:,0123456789-+.eE tfnu\n\x01\x80\xc3";
  for (int i = 0; i < 20'000; ++i) {
    std::string request = requests()[random() % requests().size()];
    for (std::size_t edits = 1 + random() % 3; edits > 0; --edits) {
      const std::size_t at = random() % request.size();
      switch (random() % 3) {
        case 0:
          request[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          request.erase(at, 1);
          break;
        default:
          request.insert(at, 1, bytes[random() % bytes.size()]);
      }
    }
    expect_same(request);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace geocell::bridge
