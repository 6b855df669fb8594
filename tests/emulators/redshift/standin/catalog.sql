-- What makes a PostgreSQL database look like Redshift's, as far as geocell's SQL and its deployment need it. Everything
-- is in pg_catalog, as in Redshift, so that it is found whatever the search path. Run as superuser in the
-- database that every other is copied from.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET allow_system_table_mods = on;

CREATE EXTENSION postgis SCHEMA pg_catalog;
CREATE EXTENSION plpython3u;

-- Redshift's language of external functions. It must be trusted to be granted; nobody has it until then.
CREATE TRUSTED LANGUAGE exfunc
  HANDLER plpython3_call_handler INLINE plpython3_inline_handler VALIDATOR plpython3_validator;
REVOKE USAGE ON LANGUAGE exfunc FROM PUBLIC;

CREATE SCHEMA redshift_local;
GRANT USAGE ON SCHEMA redshift_local TO PUBLIC;

-- SUPER keeps the text that JSON_PARSE was given (without white space): order of keys and every digit.
CREATE DOMAIN pg_catalog.super AS json;
CREATE DOMAIN pg_catalog.varbyte AS bytea;

CREATE FUNCTION pg_catalog.json_parse(text) RETURNS super LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT pg_catalog.regexp_replace($1, '("(?:[^"\\]|\\.)*")|\s+', '\1', 'g')::super
$$;
CREATE FUNCTION pg_catalog.json_serialize(super) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $1::text::varchar
$$;
CREATE FUNCTION redshift_local.equal(json, json) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1::jsonb = $2::jsonb';
CREATE FUNCTION redshift_local.unequal(json, json) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1::jsonb <> $2::jsonb';
CREATE OPERATOR pg_catalog.= (LEFTARG = json, RIGHTARG = json, FUNCTION = redshift_local.equal, NEGATOR = OPERATOR(pg_catalog.<>));
CREATE OPERATOR pg_catalog.<> (LEFTARG = json, RIGHTARG = json, FUNCTION = redshift_local.unequal, NEGATOR = OPERATOR(pg_catalog.=));
CREATE FUNCTION pg_catalog.can_json_parse(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  PERFORM $1::json;
  RETURN true;
EXCEPTION WHEN invalid_text_representation THEN
  RETURN false;
END
$$;
CREATE FUNCTION pg_catalog.is_valid_json(text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT can_json_parse($1)';
CREATE FUNCTION pg_catalog.get_array_length(super) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN json_typeof($1) = 'array' THEN json_array_length($1)::bigint END
$$;
CREATE FUNCTION pg_catalog.json_array_length(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT json_array_length($1::json)
$$;
CREATE FUNCTION pg_catalog.is_array(super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT json_typeof($1) = 'array' $$;
CREATE FUNCTION pg_catalog.is_object(super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT json_typeof($1) = 'object' $$;
CREATE FUNCTION pg_catalog.json_extract_array_element_text(text, integer) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ($1::json ->> $2)::varchar
$$;
CREATE FUNCTION pg_catalog.json_extract_path_text(text, VARIADIC text[]) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ($1::json #>> $2)::varchar
$$;

-- Redshift reads EWKB and WKB as hexadecimal text.
CREATE FUNCTION pg_catalog.st_geomfromewkb(text) RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1::geometry';
CREATE FUNCTION pg_catalog.st_geomfromwkb(text) RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1::geometry';
CREATE FUNCTION pg_catalog.st_geomfromwkb(text, integer) RETURNS geometry LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ST_SetSRID($1::geometry, $2)
$$;

CREATE FUNCTION pg_catalog.nvl(anyelement, anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, $2)';
CREATE FUNCTION pg_catalog.nvl2(anyelement, anyelement, anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END
$$;
CREATE FUNCTION pg_catalog.len(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT length($1)';
CREATE FUNCTION pg_catalog.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT strpos($2, $1)';
CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS 'SELECT localtimestamp';
CREATE FUNCTION pg_catalog.strtol(text, integer) RETURNS bigint LANGUAGE plpython3u IMMUTABLE STRICT AS $$
  return int(args[0], args[1])
$$;
CREATE AGGREGATE pg_catalog.listagg(text, text) (
  SFUNC = string_agg_transfn, STYPE = internal, FINALFUNC = string_agg_finalfn
);
-- "large strings" of the settings: redshift_local.py --large-strings
CREATE FUNCTION pg_catalog.is_large_string_enabled() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('redshift.large_strings', true), ''), 'off')::boolean
$$;

CREATE VIEW pg_catalog.pg_proc_info AS
  SELECT oid AS prooid, proname, pronamespace, proowner, prolang, prosecdef AS prosecdef,
         proisstrict, proretset, provolatile, pronargs, prorettype, proargtypes, prosrc, probin, proacl, prokind,
         proargnames, proargmodes, proallargtypes
  FROM pg_proc;
CREATE VIEW pg_catalog.svv_redshift_schemas AS
  SELECT current_database()::varchar AS database_name, nspname::varchar AS schema_name, nspowner AS schema_owner,
         'local'::varchar AS schema_type, nspacl::varchar AS schema_acl, NULL::varchar AS schema_option
  FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)';
CREATE VIEW pg_catalog.svv_all_schemas AS
  SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, NULL::varchar AS source_database, schema_option
  FROM svv_redshift_schemas;
CREATE VIEW pg_catalog.svv_redshift_functions AS
  SELECT current_database()::varchar AS database_name, nspname::varchar AS schema_name, proname::varchar AS function_name,
         CASE WHEN prokind = 'p' THEN 'STORED PROCEDURE' WHEN lanname = 'exfunc' THEN 'EXTERNAL FUNCTION'
              ELSE 'REGULAR FUNCTION' END::varchar AS function_type,
         oidvectortypes(proargtypes)::varchar AS argument_type, format_type(prorettype, NULL)::varchar AS result_type
  FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace JOIN pg_language ON pg_language.oid = prolang
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'redshift_local');
CREATE VIEW pg_catalog.svv_function_privileges AS
  SELECT nspname::varchar AS namespace_name, proname::varchar AS function_name,
         oidvectortypes(proargtypes)::varchar AS argument_types, privilege_type::varchar,
         CASE WHEN grantee = 0 THEN 0 ELSE grantee END AS identity_id,
         CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee) END::varchar AS identity_name,
         CASE WHEN grantee = 0 THEN 'public' ELSE 'user' END::varchar AS identity_type, is_grantable AS admin_option
  FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace,
       LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner)))
  WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'redshift_local');

-- Calls of external functions. The session (session.py) runs a statement in a savepoint; a call whose answer is not
-- known is recorded, announced by an INFO with SQLSTATE RL000, and gives NULL. The session rolls back, asks the
-- Lambda, tells the answers, and runs the statement again. The record is memory of the backend's Python, which a
-- rollback does not touch.
CREATE FUNCTION redshift_local.version() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), '
      || 'Redshift 1.0.0 (geocell''s stand-in on ' || pg_catalog.version() || ')'
$$;
CREATE FUNCTION redshift_local.open_session() RETURNS void LANGUAGE plpython3u AS $$
  import json

  GD['answers'] = {}    # (function, row) -> value, or an _Failure
  GD['recorded'] = {}   # function -> {row: count}, in the order of calls
  GD['refuse'] = None   # why calls cannot be answered now

  def scalar(value):
      if value is None or isinstance(value, (bool, int, str)):
          return json.dumps(value, ensure_ascii=False)
      if isinstance(value, float):
          # Redshift's JSON loses digits of FLOAT8; so does this.
          return json.dumps(value) if value != value or value in (float('inf'), float('-inf')) else '%.15g' % value
      return str(value)  # Decimal

  def external_call(function, args):
      row = '[' + ','.join([scalar(value) for value in args]) + ']'
      answer = GD['answers'].get((function, row))
      if answer is not None:
          kind, value = answer
          recorded = GD['recorded']
          if kind == 'value':
              return value
          if not recorded:
              plpy.error(value, sqlstate='RL001')
          return None  # it may be a call that is not made at all once what is recorded is known
      if GD['refuse']:
          plpy.error(GD['refuse'], sqlstate='0A000')
      recorded = GD['recorded']
      if None in args and any(other != function for other in recorded):
          return None  # perhaps NULL only because another answer is not known yet
      if not recorded:
          plpy.info('external function calls recorded', sqlstate='RL000')
      rows = recorded.setdefault(function, {})
      rows[row] = rows.get(row, 0) + 1
      return None

  GD['external_call'] = external_call
$$;
CREATE FUNCTION redshift_local.begin_statement(forget boolean) RETURNS void LANGUAGE plpython3u AS $$
  GD['recorded'].clear()
  GD['refuse'] = None
  if forget:
      GD['answers'].clear()
$$;
CREATE FUNCTION redshift_local.refuse_calls(reason text) RETURNS void LANGUAGE plpython3u AS $$
  GD['recorded'].clear()
  GD['refuse'] = reason
$$;
-- [[function, [row, …]], …]; a row is repeated as often as a VOLATILE function was called with it.
CREATE FUNCTION redshift_local.take_recorded() RETURNS text LANGUAGE plpython3u AS $$
  import json
  taken = []
  for function, rows in GD['recorded'].items():
      once = json.loads(function)['volatility'] == 'STABLE'
      taken.append([function, [row for row, count in rows.items() for _ in range(1 if once else count)]])
  GD['recorded'].clear()
  return json.dumps(taken)
$$;
-- [[function, [[row, kind, value], …]], …]; kind is value or error.
CREATE FUNCTION redshift_local.tell(answers text) RETURNS void LANGUAGE plpython3u AS $$
  import json
  for function, rows in json.loads(args[0]):
      for row, kind, value in rows:
          GD['answers'][(function, row)] = (kind, value)
$$;
CREATE FUNCTION redshift_local.fail() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'external function failed' USING ERRCODE = 'RL001';
END
$$;
