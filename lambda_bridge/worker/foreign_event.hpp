// Names events that are not for the worker, so that a trigger on the wrong Lambda is found by reading one
// error.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace geocell::bridge {

// The name of an event of AWS's: "an Amazon SQS event", "a request of Amazon Redshift's external functions".
// Empty: not one that is known here.
std::string_view known_event(simdjson::dom::element event);

// What a JSON value looks like: the name of a known event, "a JSON object with the keys \"a\" and \"b\"", "a
// JSON array". At most three keys are shown, shortened, and no values.
std::string describe_event(simdjson::dom::element event);

}  // namespace geocell::bridge
