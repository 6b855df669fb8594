// The Redshift envelope: what goes over the wire, byte for byte. Expected texts follow from AWS's "Creating a
// scalar Lambda UDF" and the published values of the functions.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lambda_bridge/engines/redshift/redshift_codec.hpp"

namespace geocell::bridge {
namespace {

using nlohmann::json;

class Codec : public ::testing::Test {
 protected:
  std::string raw(std::string request) { return std::string(codec_.answer(request, options_, summary_)); }
  // The document inside the string.
  std::string document(const std::string& request) { return json::parse(raw(request)).get<std::string>(); }
  std::string error(const std::string& request) {
    const json answer = json::parse(document(request));
    EXPECT_EQ(answer.at("success"), false);
    EXPECT_TRUE(answer.at("results").empty());
    return answer.value("error_msg", "no error");
  }
  static std::string call(std::string_view function, std::string_view arguments) {
    return R"({"external_function":")" + std::string(function) + R"(","arguments":)" +
           std::string(arguments) + "}";
  }

  RedshiftCodec codec_;
  RedshiftOptions options_;
  Summary summary_;
};

// The envelope of AWS's sample request, all fields, with a null argument and a null row.
constexpr const char* kSample = R"({
  "request_id": "23FF1F97-F28A-44AA-AB67-266ED976BF40",
  "cluster": "arn:aws:redshift:xxxx",
  "user": "adminuser",
  "database": "db1",
  "external_function": "public.quadbin_toparent",
  "query_id": 5678234,
  "num_records": 4,
  "arguments": [[5207251884775047167, 3], [5207251884775047167, null], null, [5207251884775047167, 4]]
})";

TEST_F(Codec, AnswersTheSampleAsAString) {
  EXPECT_EQ(
      raw(kSample),
      R"("{\"success\":true,\"num_records\":4,\"results\":[5202783469519765503,null,null,5207251884775047167]}")");
  EXPECT_EQ(summary_.kind, "public.quadbin_toparent");
  EXPECT_EQ(summary_.items, 4u);
}

TEST_F(Codec, AnswersAsAnObjectOnRequest) {
  options_.string_wrapped = false;
  EXPECT_EQ(
      raw(kSample),
      R"({"success":true,"num_records":4,"results":[5202783469519765503,null,null,5207251884775047167]})");
}

TEST_F(Codec, NullArgumentsAreEmptyRows) {
  EXPECT_EQ(document(R"({"external_function":"carto.version_core","num_records":3,"arguments":null})"),
            R"({"success":true,"num_records":3,"results":["0.1.0","0.1.0","0.1.0"]})");
  EXPECT_EQ(document(R"({"external_function":"version_core","num_records":2,"arguments":[[],[]]})"),
            R"({"success":true,"num_records":2,"results":["0.1.0","0.1.0"]})");
  EXPECT_EQ(document(R"({"external_function":"version_core"})"),
            R"({"success":true,"num_records":0,"results":[]})");
}

TEST_F(Codec, IdsKeepAllTheirDigits) {
  EXPECT_EQ(document(call("s.s2_touint64repr", "[[-8520148382826627072],[\"-8520148382826627072\"]]")),
            R"({"success":true,"num_records":2,"results":["9926595690882924544","9926595690882924544"]})");
  EXPECT_EQ(document(call("s.s2_fromuint64repr", "[[\"9926595690882924544\"]]")),
            R"({"success":true,"num_records":1,"results":[-8520148382826627072]})");
  // A double cannot name a cell: beyond 2^53 it is refused rather than guessed.
  EXPECT_EQ(
      error(call("quadbin_resolution", "[[5.207251884775047e18]]")),
      "Error processing row 0: Invalid argument \"5.207251884775047e+18\"; should be an integer between "
      "-9223372036854775808 and 9223372036854775807");
}

TEST_F(Codec, DoublesTravelAsText) {
  EXPECT_EQ(document(call("__quadbin_fromlonglat", R"([["-3.7038","40.4168",4],[-3.7038,40.4168,4]])")),
            R"({"success":true,"num_records":2,"results":[5207251884775047167,5207251884775047167]})");
}

TEST_F(Codec, CompositeValuesTravelAsJsonText) {
  EXPECT_EQ(json::parse(document(call("quadbin_bbox", "[[5207251884775047167]]"))).at("results")[0],
            "[-22.5,21.943045533438188,0,40.97989806962013]");
  EXPECT_EQ(json::parse(document(call("quadbin_tochildren", "[[5192650370358181887,1]]"))).at("results")[0],
            "[5193776270265024511,5194902170171867135,5196028070078709759,5197153969985552383]");
}

TEST_F(Codec, NamesOfOneFunction) {
  for (const char* name : {"quadbin_resolution", "PUBLIC.QUADBIN_RESOLUTION", "a.__quadbin_resolution",
                           "db.a.__quadbin_resolution_1", "a.quadbin_resolution"}) {
    EXPECT_EQ(document(call(name, "[[5207251884775047167]]")),
              R"({"success":true,"num_records":1,"results":[4]})")
        << name;
  }
  EXPECT_EQ(document(call("a.__quadbin_string_toint", "[[\"4843dfffffffffff\"]]")),
            R"({"success":true,"num_records":1,"results":[5207251884775047167]})");
}

TEST_F(Codec, OverloadsAreToldApartByTheirArguments) {
  EXPECT_EQ(document(call("s2_toparent", "[[955378847514099712],[955378847514099712,1]]")),
            R"({"success":true,"num_records":2,"results":[955396439700144128,864691128455135232]})");
  EXPECT_EQ(error(call("s2_toparent", "[[955378847514099712,1,2]]")),
            "Error processing row 0: Invalid number of arguments \"3\"; s2_toparent takes 1 to 2");
}

TEST_F(Codec, ABareValueIsARowOfOneArgument) {
  EXPECT_EQ(document(call("quadbin_isvalid", "[5207251884775047167,7,null]")),
            R"({"success":true,"num_records":3,"results":[true,false,null]})");
  EXPECT_EQ(document(call("quadbin_isvalid", "[[null]]")),
            R"({"success":true,"num_records":1,"results":[false]})");
}

TEST_F(Codec, ARowErrorFailsTheBatchAndNamesTheRow) {
  const std::string request = call("quadbin_toparent",
                                   "[[5207251884775047167,3],[5207251884775047167,3],"
                                   "[5207251884775047167,3],[5207251884775047167,27]]");
  EXPECT_EQ(
      document(request),
      R"({"success":false,"num_records":4,"results":[],"error_msg":"Error processing row 3: Invalid resolution \"27\"; should be between 0 and 4"})");
  options_.batch.row_errors = RowErrors::as_null;
  EXPECT_EQ(json::parse(document(request)).at("results")[3], nullptr);
  options_.batch.row_errors = RowErrors::as_value;
  EXPECT_EQ(json::parse(json::parse(document(request)).at("results")[3].get<std::string>()),
            json::parse(R"({"error":"Invalid resolution \"27\"; should be between 0 and 4","row_index":3,
                            "type":"invalid_parameter"})"));
}

TEST_F(Codec, MalformedRequestsAreAnswered) {
  EXPECT_EQ(error(""), "Batch processing error: Invalid request: Empty: no JSON found");
  for (const char* request : {"{", "[1,2", "\xff\xfe", "{\"external_function\": \"f\"", "nonsense"}) {
    EXPECT_TRUE(error(request).starts_with("Batch processing error: Invalid request: ")) << request;
  }
  EXPECT_EQ(error("[]"), "Batch processing error: Invalid request: should be a JSON object");
  EXPECT_EQ(error("{}"), "Batch processing error: Invalid request: external_function should be a text");
  EXPECT_EQ(error(R"({"external_function":"quadbin_resolution","arguments":5})"),
            "Batch processing error: Invalid request: arguments should be an array of rows");
  EXPECT_EQ(error(R"({"external_function":"quadbin_resolution","arguments":[[1]],"num_records":2})"),
            "Batch processing error: Invalid request: num_records is 2, but arguments holds 1 rows");
  EXPECT_EQ(error(R"({"external_function":"quadbin_resolution","num_records":-1})"),
            "Batch processing error: Invalid request: num_records should be a whole number");
  // And the next one is answered as if nothing had been.
  EXPECT_EQ(document(call("quadbin_resolution", "[[5207251884775047167]]")),
            R"({"success":true,"num_records":1,"results":[4]})");
}

TEST_F(Codec, UnknownFunctionsAreNamed) {
  EXPECT_EQ(error(call("public.nöpe", "[[1]]")),
            "Batch processing error: Invalid function \"public.n\\xc3\\xb6pe\"; should be a function of "
            "geocell 0.1.0");
}

TEST_F(Codec, ErrorTextsSurviveAnyCharacters) {
  EXPECT_EQ(error(call("quadbin_sibling", R"([[5207251884775047167,"né\"\\\u0001"]])")),
            "Error processing row 0: Invalid direction \"n\\xc3\\xa9\"\\\\x01\"; "
            "should be \"left\", \"right\", \"up\" or \"down\"");
}

TEST_F(Codec, NaNTokensAreRefusedInWords) {
  EXPECT_EQ(error(call("quadbin_fromlonglat", R"([["NaN",0,4]])")),
            "Error processing row 0: Invalid longitude \"NaN\"; should be a finite number");
}

TEST_F(Codec, AValueOverTheVarcharLimitIsReported) {
  // 4^6 ids of 19 digits with 4095 commas and two brackets: 81921 bytes.
  EXPECT_EQ(
      error(call("quadbin_tochildren", "[[5192650370358181887,1],[5192650370358181887,6]]")),
      "Error processing row 1: quadbin_tochildren gives a value of 81921 bytes, "
      "more than the limit of 65535 bytes of one VARCHAR; "
      "use a lower resolution or a smaller input, or turn on large strings in Redshift and raise the limit");
  options_.batch.limits.max_value_bytes = 16'000'000;
  EXPECT_EQ(
      json::parse(document(call("quadbin_tochildren", "[[5192650370358181887,6]]"))).at("results").size(),
      1u);
}

// Redshift has no set-returning functions to advise.
TEST_F(Codec, TooManyCellsAreReportedWithWhatRedshiftHas) {
  const std::string polygon = R"wkt("POLYGON((0 0,10 0,10 10,0 10,0 0))")wkt";
  const std::string message = error(call("quadbin_polyfill", "[[" + polygon + ",14]]"));
  EXPECT_TRUE(message.starts_with("Error processing row 0: quadbin_polyfill would return ")) << message;
  EXPECT_TRUE(
      message.ends_with(" cells, more than the limit of 32767; use a lower resolution, a smaller input, or "
                        "quadbin_polyfill_compact or quadbin_polyfill_page"))
      << message;
  EXPECT_EQ(error(call("quadbin_tochildren", "[[5192650370358181887,8]]")),
            "Error processing row 0: quadbin_tochildren would return 65536 cells, more than the limit of "
            "32767; use a lower resolution or a smaller input");
}

TEST_F(Codec, AResponseOverTheLambdaLimitIsReported) {
  std::string rows = "[";
  for (int i = 0; i < 400; ++i) rows += std::string(i == 0 ? "" : ",") + "[5192650370358181887,5]";
  const std::string message = error(call("quadbin_tochildren", rows + "]"));
  EXPECT_TRUE(message.starts_with("Batch processing error: ")) << message;
  EXPECT_NE(message.find("more than the limit of 6291456 bytes of a Lambda response"), std::string::npos)
      << message;
  EXPECT_NE(message.find("smaller MAX_BATCH_ROWS"), std::string::npos) << message;
}

TEST_F(Codec, EndlessRowsWithoutArgumentsStop) {
  EXPECT_TRUE(error(R"({"external_function":"version_core","num_records":18446744073709551615})")
                  .starts_with("Batch processing error: the values of rows 0 to "));
}

TEST_F(Codec, ABatchPastItsDeadlineFails) {
  options_.batch.deadline = std::chrono::system_clock::now() - std::chrono::seconds(1);
  EXPECT_TRUE(error(call("quadbin_resolution", "[[5207251884775047167]]"))
                  .starts_with("Error processing row 0: The Lambda function's timeout is near"));
}

TEST_F(Codec, PastTheDeadlineNoRowBecomesNull) {
  options_.batch.deadline = std::chrono::system_clock::now() - std::chrono::seconds(1);
  for (const RowErrors mode : {RowErrors::as_null, RowErrors::as_value}) {
    options_.batch.row_errors = mode;
    EXPECT_TRUE(error(call("quadbin_resolution", "[[5207251884775047167]]"))
                    .starts_with("Error processing row 0: The Lambda function's timeout is near"));
  }
}

TEST_F(Codec, EqualRowsAreEqual) {
  const std::string polygon = R"wkt("POLYGON((0 0,10 0,10 10,0 10,0 0))")wkt";
  const json results =
      json::parse(document(call("quadbin_polyfill", "[[" + polygon + ",4],[" + polygon + ",4],[" + polygon +
                                                        ",5],[" + polygon + ",4]]")))["results"];
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[3]);
  EXPECT_NE(results[0], results[2]);
}

}  // namespace
}  // namespace geocell::bridge
