#include "lambda_bridge/worker/event_router.hpp"

#include <algorithm>
#include <new>

#include "lambda_bridge/runtime/error_document.hpp"
#include "lambda_bridge/worker/foreign_event.hpp"

namespace geocell::bridge {
namespace {

constexpr const char* kServe = "GEOCELL_SERVE";
constexpr const char* kInvalidEvent = "Geocell.InvalidEvent";
constexpr const char* kUnknownEvent = "Geocell.UnknownEvent";
constexpr const char* kOutOfMemory = "Geocell.OutOfMemory";

std::string names_of(std::span<const EventType> types) {
  std::string names;
  for (const EventType& type : types) names += (names.empty() ? "" : ", ") + std::string(type.name);
  return names;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

}  // namespace

EventRouter::EventRouter(std::span<const EventType> types) : types_(types) {
  for (const EventType& type : types) handlers_.push_back(type.make_handler(types));
}

Response EventRouter::answer(std::string& event, const Invocation& invocation, Summary& summary) {
  try {
    return route(event, invocation, summary);
  } catch (const std::bad_alloc&) {
    return refuse(kOutOfMemory, "Out of memory: give the Lambda more, or send smaller events", summary);
  }
}

Response EventRouter::route(std::string& event, const Invocation& invocation, Summary& summary) {
  simdjson::dom::element document;
  event.reserve(event.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser_.parse(event.data(), event.size(), false).get(document)) {
    return refuse(kInvalidEvent, std::string("Invalid event: ") + simdjson::error_message(error), summary);
  }
  if (simdjson::dom::object object; !document.get(object)) {
    const auto type = std::ranges::find_if(
        types_, [&](const EventType& candidate) { return candidate.recognizes(object); });
    if (type != types_.end()) {
      summary.kind = type->name;
      return handlers_[static_cast<std::size_t>(type - types_.begin())]->answer(event, invocation, summary);
    }
  }
  summary.kind = known_event(document);
  return refuse(
      kUnknownEvent,
      "Unknown event: this is " + describe_event(document) + "; this worker serves " + names_of(types_),
      summary);
}

Response EventRouter::refuse(std::string_view error_type, std::string message, Summary& summary) {
  refusal_ = error_document(error_type, message);
  summary.error = std::move(message);
  return {refusal_, error_type};
}

std::vector<EventType> read_served_types(SettingsReader& reader, std::span<const EventType> all) {
  const std::string_view names = reader.text(kServe);
  if (names.empty()) return {all.begin(), all.end()};
  std::vector<EventType> served;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    const std::string_view name = trimmed(names.substr(begin, end - begin));
    const auto type = std::ranges::find(all, name, &EventType::name);
    if (type == all.end()) {
      std::vector<std::string_view> choices;
      for (const EventType& one : all) choices.push_back(one.name);
      reader.fail_choice(kServe, name, choices);
      return {};
    }
    served.push_back(*type);
    begin = end + 1;
  }
  return served;
}

}  // namespace geocell::bridge
