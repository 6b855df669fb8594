#include "lambda_bridge/worker/foreign_event.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "geocell/status.hpp"

namespace geocell::bridge {
namespace {

struct Known {
  std::string_view mark;
  std::string_view description;
};

// AWS, "Invoking Lambda with events from other AWS services": the source of the first record. SNS capitalizes
// its key.
constexpr std::array kRecordSources = {
    Known{"aws:sqs", "an Amazon SQS event"},
    Known{"aws:sns", "an Amazon SNS event"},
    Known{"aws:s3", "an Amazon S3 event"},
    Known{"aws:kinesis", "an Amazon Kinesis event"},
    Known{"aws:dynamodb", "an Amazon DynamoDB Streams event"},
};

// Keys that only one sender has.
constexpr std::array kKeys = {
    Known{"external_function", "a request of Amazon Redshift's external functions"},
    Known{"detail-type", "an Amazon EventBridge event"},
    Known{"awslogs", "an Amazon CloudWatch Logs event"},
    Known{"requestContext", "an HTTP request of Amazon API Gateway or a function URL"},
    Known{"bootstrapServers", "an Apache Kafka event"},
};

std::string_view known_by(std::string_view mark, std::span<const Known> table) {
  const auto found = std::ranges::find(table, mark, &Known::mark);
  return found == table.end() ? std::string_view() : found->description;
}

std::string_view source_of_records(simdjson::dom::object event) {
  simdjson::dom::array records;
  if (event["Records"].get(records) || records.begin() == records.end()) return {};
  simdjson::dom::object record;
  if ((*records.begin()).get(record)) return {};
  for (const char* key : {"eventSource", "EventSource"}) {
    std::string_view source;
    if (!record[key].get(source)) return known_by(source, kRecordSources);
  }
  return {};
}

std::string describe_keys(simdjson::dom::object event) {
  constexpr std::size_t kShown = 3;
  std::string keys;
  std::size_t count = 0;
  for (const auto field : event) {
    if (count++ == kShown) return "a JSON object with the keys " + keys + ", …";
    keys += (keys.empty() ? "" : ", ") + quoted_excerpt(field.key);
  }
  if (count == 0) return "an empty JSON object";
  return "a JSON object with the key" + std::string(count == 1 ? " " : "s ") + keys;
}

}  // namespace

std::string_view known_event(simdjson::dom::element event) {
  simdjson::dom::object object;
  if (event.get(object)) return {};
  if (const std::string_view known = source_of_records(object); !known.empty()) return known;
  for (const auto field : object) {
    if (const std::string_view known = known_by(field.key, kKeys); !known.empty()) return known;
  }
  return {};
}

std::string describe_event(simdjson::dom::element event) {
  if (const std::string_view known = known_event(event); !known.empty()) return std::string(known);
  using simdjson::dom::element_type;
  switch (event.type()) {
    case element_type::OBJECT:
      return describe_keys(event.get_object().value_unsafe());
    case element_type::ARRAY:
      return "a JSON array";
    case element_type::STRING:
      return "a JSON string";
    case element_type::NULL_VALUE:
      return "null";
    case element_type::BOOL:
      return "a JSON boolean";
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE:
      break;
  }
  return "a JSON number";
}

}  // namespace geocell::bridge
