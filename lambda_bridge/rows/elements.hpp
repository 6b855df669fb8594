// From simdjson's values to a row's arguments.
#pragma once

#include <simdjson.h>

#include <deque>
#include <string>

#include "lambda_bridge/rows/json_values.hpp"

namespace geocell::bridge {

// `texts` keeps the JSON of arrays; null: arrays come without it.
inline Element to_element(simdjson::dom::element value, std::deque<std::string>* texts) {
  using simdjson::dom::element_type;
  using Kind = Element::Kind;
  Element element;
  switch (value.type()) {
    case element_type::NULL_VALUE:
      break;
    case element_type::BOOL:
      element.kind = Kind::boolean;
      element.boolean = value.get_bool().value_unsafe();
      break;
    case element_type::INT64:
      element.kind = Kind::integer;
      element.integer = value.get_int64().value_unsafe();
      break;
    case element_type::UINT64:
      element.kind = Kind::big_integer;
      element.big_integer = value.get_uint64().value_unsafe();
      element.real = static_cast<double>(element.big_integer);
      break;
    case element_type::DOUBLE:
      element.kind = Kind::real;
      element.real = value.get_double().value_unsafe();
      break;
    case element_type::STRING:
      element.kind = Kind::text;
      element.text = value.get_string().value_unsafe();
      break;
    case element_type::ARRAY:
      element.kind = Kind::array;
      if (texts != nullptr) element.text = texts->emplace_back(simdjson::minify(value));
      break;
    case element_type::OBJECT:
      element.kind = Kind::object;
      break;
  }
  return element;
}

// A text that is a number in JSON's spelling, read where it stands: one pass over its digits less. Any other
// text, and zero, which may be a number too small for a double, stays text.
inline bool read_number_in_text(simdjson::ondemand::value value, Element& element) {
  const std::string_view token = value.raw_json_token();
  if (value.get_double_in_string().get(element.real)) return false;
  element.kind = Element::Kind::real;
  if (element.real == 0) {
    element.kind = Element::Kind::text;
    element.text = token.substr(1, token.find('"', 1) - 1);
  }
  return true;
}

// Not value.get_number(): simdjson 3.0.1 gives 0 for a double with more than 19 digits there.
inline bool read_number(simdjson::ondemand::value value, Element& element) {
  using Kind = Element::Kind;
  if (!value.get_int64().get(element.integer)) {
    element.kind = Kind::integer;
    return true;
  }
  const std::string_view token = value.raw_json_token();
  if (!value.get_uint64().get(element.big_integer)) {
    element.kind = Kind::big_integer;
    element.real = static_cast<double>(element.big_integer);
    return true;
  }
  // An integer that 64 bits do not hold is malformed, which the other parser says.
  element.kind = Kind::real;
  return token.find_first_of(".eE") != std::string_view::npos && !value.get_double().get(element.real);
}

// `is_double`: the function takes a double here. False: malformed, or an array or an object, which are left
// to the other parser. What a value is shows in its first character.
inline bool read_element(simdjson::ondemand::value value, bool is_double, Element& element) {
  using Kind = Element::Kind;
  switch (value.raw_json_token().front()) {
    case '"':
      if (is_double && read_number_in_text(value, element)) return true;
      element.kind = Kind::text;
      return !value.get_string().get(element.text);
    case 't':
    case 'f':
      element.kind = Kind::boolean;
      return !value.get_bool().get(element.boolean);
    case 'n': {
      element.kind = Kind::null;
      bool is_null = false;
      return !value.is_null().get(is_null) && is_null;
    }
    case '[':
    case '{':
      return false;
    default:
      return read_number(value, element);
  }
}

}  // namespace geocell::bridge
