// Datum <-> C++ for every type of core/include/geocell/sql_types.hpp.
//
// Argument<T, Form>: read() in zone 1 returns a trivially destructible Raw; get() in zone 2 makes the C++ value
// of it without copying text, bytes or arrays; release() in zone 3 frees what detoasting copied. Writer<T,
// Form>: write() in zone 2 makes the Datum, in memory of the current context of exactly its size; a Writer
// that needs the server for it has a finish() too, which zone 3 calls with what write() returned.
#pragma once

#include "extension/guard.hpp"
#include "extension/lng_lat.hpp"
#include "extension/postgres.hpp"
#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/sql_types.hpp"
#include "geocell/values.hpp"

extern "C" {
#include "access/tupmacs.h"
#include "utils/lsyscache.h"
}

namespace geocell::pg {

// How a geometry crosses: WKT, GeoJSON or hex WKB in a text; (E)WKB in a bytea; PostGIS's own geometry.
enum class GeometryForm : std::uint8_t { none, text, bytea, geometry };

inline constexpr std::size_t kArrayHeaderBytes = ARR_OVERHEAD_NONULLS(1);
// The largest bigint[]: what fits into one allocation of PostgreSQL, 1 GB.
inline constexpr std::uint64_t kMaxArrayCells = (MaxAllocSize - kArrayHeaderBytes) / sizeof(std::int64_t);

// --- Arguments ---

template <class T, GeometryForm Form>
struct Argument;

template <class T>
struct PlainArgument {
  using Raw = T;
  static T get(const Raw& raw, std::optional<Error>&) { return raw; }
  static void release(const Raw&) {}
};
template <GeometryForm Form>
struct Argument<std::int64_t, Form> : PlainArgument<std::int64_t> {
  static std::int64_t read(FunctionCallInfo fcinfo, int i) { return PG_GETARG_INT64(i); }
};
template <GeometryForm Form>
struct Argument<std::int32_t, Form> : PlainArgument<std::int32_t> {
  static std::int32_t read(FunctionCallInfo fcinfo, int i) { return PG_GETARG_INT32(i); }
};
template <GeometryForm Form>
struct Argument<double, Form> : PlainArgument<double> {
  static double read(FunctionCallInfo fcinfo, int i) { return PG_GETARG_FLOAT8(i); }
};
template <GeometryForm Form>
struct Argument<bool, Form> : PlainArgument<bool> {
  static bool read(FunctionCallInfo fcinfo, int i) { return PG_GETARG_BOOL(i); }
};

// A varlena argument: its payload, and the copy to free, if detoasting made one.
struct RawBytes {
  const char* data;
  std::size_t size;
  void* copy;
};
inline RawBytes read_bytes(Datum datum) {
  varlena* value = PG_DETOAST_DATUM_PACKED(datum);
  const bool copied = PointerGetDatum(value) != datum;
  return {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), copied ? value : nullptr};
}
inline std::span<const std::byte> as_bytes(const RawBytes& raw) {
  return {reinterpret_cast<const std::byte*>(raw.data), raw.size};
}
struct BytesArgument {
  using Raw = RawBytes;
  static void release(const Raw& raw) {
    if (raw.copy != nullptr) pfree(raw.copy);
  }
};

template <GeometryForm Form>
struct Argument<std::string_view, Form> : BytesArgument {
  static RawBytes read(FunctionCallInfo fcinfo, int i) { return read_bytes(PG_GETARG_DATUM(i)); }
  static std::string_view get(const RawBytes& raw, std::optional<Error>&) { return {raw.data, raw.size}; }
};

Result<Geometry> inline read_geometry(const RawBytes& raw, GeometryForm form) {
  switch (form) {
    case GeometryForm::bytea:
      return read_wkb(as_bytes(raw));
    case GeometryForm::geometry:
      return read_postgis(as_bytes(raw));
    case GeometryForm::text:
    case GeometryForm::none:
      break;
  }
  return read_geometry_text({raw.data, raw.size});
}

template <GeometryForm Form>
struct Argument<Geometry, Form> : BytesArgument {
  static RawBytes read(FunctionCallInfo fcinfo, int i) {
    if constexpr (Form != GeometryForm::geometry) return read_bytes(PG_GETARG_DATUM(i));
    RawBytes raw = read_bytes(PG_GETARG_DATUM(i));
    if (is_lng_lat(as_bytes(raw))) return raw;
    const Datum transformed = transform_to_lng_lat(fcinfo, i, PG_GETARG_DATUM(i));
    release(raw);
    return read_bytes(transformed);
  }
  static Geometry get(const RawBytes& raw, std::optional<Error>& error) {
    Result<Geometry> geometry = read_geometry(raw, Form);
    if (geometry.ok()) return std::move(geometry.value());
    if (!error) error = std::move(geometry.error());
    return {};
  }
};

// An array of one dimension, or empty, without NULLs; anything else is an error. `size` of the result counts
// its elements.
inline RawBytes read_array(Datum datum) {
  ArrayType* array = DatumGetArrayTypeP(datum);
  if (ARR_NDIM(array) > 1) raise(ErrorCode::invalid_parameter, "array must be one-dimensional");
  if (array_contains_nulls(array)) raise_null_element();
  const auto count = static_cast<std::size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
  return {ARR_DATA_PTR(array), count, PointerGetDatum(array) != datum ? array : nullptr};
}

template <class Element>
struct ArrayArgument : BytesArgument {
  static RawBytes read(FunctionCallInfo fcinfo, int i) { return read_array(PG_GETARG_DATUM(i)); }
  // An array's data starts at a multiple of 8 bytes.
  static std::span<const Element> get(const RawBytes& raw, std::optional<Error>&) {
    return {reinterpret_cast<const Element*>(raw.data), raw.size};
  }
};
template <GeometryForm Form>
struct Argument<std::span<const std::int64_t>, Form> : ArrayArgument<std::int64_t> {};
template <GeometryForm Form>
struct Argument<std::span<const double>, Form> : ArrayArgument<double> {};

// How elements of an array are aligned: PostGIS declares its type with alignment double, text and bytea have
// int.
template <GeometryForm Form>
inline constexpr std::size_t kElementAlignment = Form == GeometryForm::geometry ? 8 : 4;
constexpr std::size_t aligned(std::size_t bytes, std::size_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

// The elements of an array of texts, byteas or geometries in turn; an array holds them detoasted.
template <GeometryForm Form, class Visit>
void for_each_element(const RawBytes& array, const Visit& visit) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i < array.size; ++i) {
    offset = aligned(offset, kElementAlignment<Form>);
    const char* element = array.data + offset;
    visit(RawBytes{VARDATA_ANY(element), VARSIZE_ANY_EXHDR(element), nullptr});
    offset += VARSIZE_ANY(element);
  }
}

template <GeometryForm Form>
struct Argument<std::vector<Geometry>, Form> : BytesArgument {
  static RawBytes read(FunctionCallInfo fcinfo, int i) {
    const RawBytes raw = read_array(PG_GETARG_DATUM(i));
    if constexpr (Form == GeometryForm::geometry) {
      bool all_lng_lat = true;
      for_each_element<Form>(raw,
                             [&](const RawBytes& element) { all_lng_lat &= is_lng_lat(as_bytes(element)); });
      if (!all_lng_lat) return transformed(fcinfo, i);
    }
    return raw;
  }
  static std::vector<Geometry> get(const RawBytes& raw, std::optional<Error>& error) {
    std::vector<Geometry> geometries;
    geometries.reserve(raw.size);
    for_each_element<Form>(raw, [&](const RawBytes& element) {
      if (error) return;
      Result<Geometry> geometry = read_geometry(element, Form);
      if (geometry.ok()) {
        geometries.push_back(std::move(*geometry));
      } else {
        error = std::move(geometry.error());
      }
    });
    return geometries;
  }

 private:
  // A copy whose members are all in 4326.
  static RawBytes transformed(FunctionCallInfo fcinfo, int i) {
    ArrayType* array = PG_GETARG_ARRAYTYPE_P(i);
    const Oid type = ARR_ELEMTYPE(array);
    Datum* members;
    int count;
    deconstruct_array(array, type, -1, false, TYPALIGN_DOUBLE, &members, nullptr, &count);
    for (Datum& member : std::span(members, static_cast<std::size_t>(count))) {
      const RawBytes bytes = read_bytes(member);
      if (!is_lng_lat(as_bytes(bytes))) member = transform_to_lng_lat(fcinfo, i, member);
    }
    return read_array(PointerGetDatum(construct_array(members, count, type, -1, false, TYPALIGN_DOUBLE)));
  }
};

template <class T, GeometryForm Form>
struct Argument<std::optional<T>, Form> {
  struct Raw {
    bool present;
    typename Argument<T, Form>::Raw value;
  };
  static Raw read(FunctionCallInfo fcinfo, int i) {
    if (i >= PG_NARGS()) return {};
    return {true, Argument<T, Form>::read(fcinfo, i)};
  }
  static std::optional<T> get(const Raw& raw, std::optional<Error>& error) {
    if (!raw.present) return std::nullopt;
    return Argument<T, Form>::get(raw.value, error);
  }
  static void release(const Raw& raw) {
    if (raw.present) Argument<T, Form>::release(raw.value);
  }
};

template <class T, GeometryForm Form>
struct Argument<Nullable<T>, Form> : Argument<std::optional<T>, Form> {
  using Base = Argument<std::optional<T>, Form>;
  static typename Base::Raw read(FunctionCallInfo fcinfo, int i) {
    if (PG_ARGISNULL(i)) return {};
    return Base::read(fcinfo, i);
  }
  static Nullable<T> get(const typename Base::Raw& raw, std::optional<Error>& error) {
    return {Base::get(raw, error)};
  }
};

template <class T>
inline constexpr bool kTakesNull = false;
template <class T>
inline constexpr bool kTakesNull<Nullable<T>> = true;

// --- Results ---

template <class T, GeometryForm Form>
struct Writer;

template <GeometryForm Form>
struct Writer<std::int64_t, Form> {
  static Result<Datum> write(std::int64_t value) { return Int64GetDatum(value); }
};
template <GeometryForm Form>
struct Writer<std::int32_t, Form> {
  static Result<Datum> write(std::int32_t value) { return Int32GetDatum(value); }
};
template <GeometryForm Form>
struct Writer<double, Form> {
  static Result<Datum> write(double value) { return Float8GetDatum(value); }
};
template <GeometryForm Form>
struct Writer<bool, Form> {
  static Result<Datum> write(bool value) { return BoolGetDatum(value); }
};

inline Result<Datum> write_bytes(std::string_view bytes) {
  if (bytes.size() > MaxAllocSize - VARHDRSZ)
    return Error{ErrorCode::limit_exceeded, "result is larger than 1 GB"};
  auto* value = static_cast<char*>(allocate_result(VARHDRSZ + bytes.size()));
  SET_VARSIZE(value, VARHDRSZ + bytes.size());
  std::memcpy(VARDATA(value), bytes.data(), bytes.size());
  return PointerGetDatum(value);
}
template <GeometryForm Form>
struct Writer<std::string, Form> {
  static Result<Datum> write(std::string_view text) { return write_bytes(text); }
};
template <GeometryForm Form>
struct Writer<Json, Form> {
  static Result<Datum> write(const Json& json) { return write_bytes(json.text); }
};
template <GeometryForm Form>
struct Writer<Geometry, Form> {
  static Result<Datum> write(const Geometry& geometry) {
    if constexpr (Form == GeometryForm::geometry) return write_bytes(write_postgis(geometry));
    if constexpr (Form == GeometryForm::bytea) return write_bytes(write_wkb(geometry));
    return write_bytes(write_wkt(geometry));
  }
};

// A one-dimensional array without NULLs, its elements not yet written. An empty one has no dimension.
inline ArrayType* allocate_array(Oid element_type, std::size_t count, std::size_t data_bytes) {
  const std::size_t size = count == 0 ? sizeof(ArrayType) : kArrayHeaderBytes + data_bytes;
  auto* array = static_cast<ArrayType*>(allocate_result(size));
  std::memset(array, 0, std::min(size, kArrayHeaderBytes));
  SET_VARSIZE(array, size);
  array->ndim = count == 0 ? 0 : 1;
  array->elemtype = element_type;
  if (count != 0) {
    ARR_DIMS(array)[0] = static_cast<int>(count);
    ARR_LBOUND(array)[0] = 1;
  }
  return array;
}

template <class T>
Result<Datum> write_array(Oid element_type, std::span<const T> values) {
  if (values.size() > kMaxArrayCells) return Error{ErrorCode::limit_exceeded, "result is larger than 1 GB"};
  ArrayType* array = allocate_array(element_type, values.size(), values.size_bytes());
  if (!values.empty()) std::memcpy(ARR_DATA_PTR(array), values.data(), values.size_bytes());
  return PointerGetDatum(array);
}
template <std::size_t N, GeometryForm Form>
struct Writer<std::array<double, N>, Form> {
  static Result<Datum> write(std::span<const double> values) { return write_array(FLOAT8OID, values); }
};
template <std::size_t N, GeometryForm Form>
struct Writer<std::array<std::int64_t, N>, Form> {
  static Result<Datum> write(std::span<const std::int64_t> values) { return write_array(INT8OID, values); }
};
template <GeometryForm Form>
struct Writer<std::vector<std::int64_t>, Form> {
  static Result<Datum> write(std::span<const std::int64_t> values) { return write_array(INT8OID, values); }
};

// `payload` of each value as a varlena.
template <class T, class Payload>
Result<Datum> write_varlena_array(Oid element_type, std::size_t alignment, const std::vector<T>& values,
                                  const Payload& payload) {
  std::size_t bytes = 0;
  for (const T& value : values) bytes += aligned(VARHDRSZ + payload(value).size(), alignment);
  if (bytes > MaxAllocSize - kArrayHeaderBytes) {
    return Error{ErrorCode::limit_exceeded, "result is larger than 1 GB; use a smaller input"};
  }
  ArrayType* array = allocate_array(element_type, values.size(), bytes);
  char* element = ARR_DATA_PTR(array);
  for (const T& value : values) {
    const std::string_view text = payload(value);
    const std::size_t size = VARHDRSZ + text.size();
    SET_VARSIZE(element, size);
    std::memcpy(VARDATA(element), text.data(), text.size());
    std::memset(element + size, 0, aligned(size, alignment) - size);
    element += aligned(size, alignment);
  }
  return PointerGetDatum(array);
}

template <GeometryForm Form>
struct Writer<std::vector<Json>, Form> {
  static Result<Datum> write(const std::vector<Json>& documents) {
    return write_varlena_array(JSONOID, 4, documents,
                               [](const Json& json) -> std::string_view { return json.text; });
  }
};

template <GeometryForm Form>
struct Writer<std::vector<Geometry>, Form> {
  static Result<Datum> write(const std::vector<Geometry>& geometries) {
    std::vector<std::string> members;
    members.reserve(geometries.size());
    for (const Geometry& geometry : geometries) {
      members.push_back(Form == GeometryForm::geometry ? write_postgis(geometry)
                        : Form == GeometryForm::bytea  ? write_wkb(geometry)
                                                       : write_wkt(geometry));
    }
    constexpr Oid kType = Form == GeometryForm::geometry ? InvalidOid
                          : Form == GeometryForm::bytea  ? BYTEAOID
                                                         : TEXTOID;
    return write_varlena_array(kType, kElementAlignment<Form>, members,
                               [](const std::string& member) -> std::string_view { return member; });
  }
  // PostGIS's type has an OID of its own in each database.
  static Datum finish(FunctionCallInfo fcinfo, Datum written) {
    if constexpr (Form == GeometryForm::geometry) {
      DatumGetArrayTypeP(written)->elemtype = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
    }
    return written;
  }
};

template <IsRecord T, GeometryForm Form>
struct Writer<T, Form> {
  struct Row {
    Datum values[kColumnCount<T>];
    bool nulls[kColumnCount<T>];
  };
  static Result<Datum> write(const T& record) {
    auto* row = static_cast<Row*>(allocate_result(sizeof(Row)));
    std::optional<Error> error;
    std::size_t i = 0;
    const auto add = [&](const auto& column) {
      if (!error) error = write_column(record.*column.member, row->values[i], row->nulls[i]);
      ++i;
    };
    std::apply([&](const auto&... column) { (add(column), ...); }, Record<T>::columns);
    if (error) return *std::move(error);
    return PointerGetDatum(row);
  }
  static Datum finish(FunctionCallInfo fcinfo, Datum written) {
    TupleDesc type;
    if (get_call_result_type(fcinfo, nullptr, &type) != TYPEFUNC_COMPOSITE ||
        type->natts != kColumnCount<T>) {
      raise(ErrorCode::internal, "the install script declares another row type");
    }
    auto* row = reinterpret_cast<Row*>(DatumGetPointer(written));
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(type), row->values, row->nulls));
  }

 private:
  template <class Member>
  static std::optional<Error> write_column(const Member& member, Datum& value, bool& null) {
    Result<Datum> written = Writer<Member, Form>::write(member);
    if (!written.ok()) return std::move(written.error());
    value = *written;
    null = false;
    return std::nullopt;
  }
  template <class Member>
  static std::optional<Error> write_column(const std::optional<Member>& member, Datum& value, bool& null) {
    null = !member.has_value();
    value = 0;
    return null ? std::nullopt : write_column(*member, value, null);
  }
};

template <GeometryForm Form>
struct Writer<CellRuns, Form> {
  static Result<Datum> write(const CellRuns& cells) {
    // The core keeps to max_cells; this is the allocator's limit in its own right.
    if (cells.count() > kMaxArrayCells) {
      CallContext limit;
      limit.max_cells = kMaxArrayCells;
      return too_many_cells(limit, "bigint[]", cells.count(), false);
    }
    const std::size_t count = cells.count();
    ArrayType* array = allocate_array(INT8OID, count, count * sizeof(std::int64_t));
    std::span<std::int64_t> rest{reinterpret_cast<std::int64_t*>(ARR_DATA_PTR(array)), count};
    CellRuns::Cursor cursor(cells);
    while (!rest.empty()) {
      if (cancel_requested(nullptr)) return canceled();
      rest = rest.subspan(cursor.read(rest.first(std::min(rest.size(), kCellsBetweenPolls))));
    }
    return PointerGetDatum(array);
  }
  static constexpr std::size_t kCellsBetweenPolls = std::size_t{1} << 20;
};

// Every type of the list can be read, or written, or both, in every form. A CellStream is read row by row:
// entry.hpp.
template <class T>
concept ReadsArgument = requires(FunctionCallInfo fcinfo) {
  Argument<T, GeometryForm::text>::read(fcinfo, 0);
};
template <class T>
concept WritesResult = std::is_same_v<T, CellStream> || requires(const T& value) {
  Writer<T, GeometryForm::text>::write(value);
};
#define GEOCELL_CHECK(cpp_type, sql_name, use)                          \
  static_assert(!is_argument(SqlUse::use) || ReadsArgument<cpp_type>,   \
                "extension/datum.hpp: add an Argument for " #cpp_type); \
  static_assert(!is_result(SqlUse::use) || WritesResult<cpp_type>,      \
                "extension/datum.hpp: add a Writer for " #cpp_type);
GEOCELL_SQL_TYPES(GEOCELL_CHECK)
#undef GEOCELL_CHECK

}  // namespace geocell::pg
