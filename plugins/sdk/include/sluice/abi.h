/* The contract between the engine and a plugin: plain C, nothing else crosses.
 *
 * Rules, for both sides:
 * - Every struct that may grow starts with its size as its maker compiled it and only grows at its end; a
 *   reader looks at a field only when the size covers it. A change that breaks this raises SLUICE_ABI_MAJOR.
 * - Nothing is thrown across. Functions return a sluice_status.
 * - What a function gets is borrowed until it returns, unless its name or its comment says otherwise.
 *   sluice_text is UTF-8 with a length, no closing zero. Bytes are BSON (https://bsonspec.org).
 * - Threads: the engine makes one instance of a component for each thread that uses it and never calls an
 *   instance from two threads at once. create, the entry and destroy may run on different threads.
 * - A library that has been loaded is never unloaded.
 *
 * Authors of C++ plugins use sluice/plugin.hpp instead, which is this contract with comfort.
 */
#ifndef SLUICE_ABI_H
#define SLUICE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLUICE_ABI_MAJOR 1 /* engine and plugin must agree */
#define SLUICE_ABI_MINOR 0 /* what was added since: either side may be newer */
#define SLUICE_SDK_VERSION "0.1.0"

/* ---- The manifest: read from the file before anything of it is loaded or run ---- */

#define SLUICE_MANIFEST_SECTION "sluice_manifest"
#define SLUICE_MANIFEST_MAGIC "SLUICE\r\n" /* 8 bytes, without the closing zero */

/* NOLINTBEGIN(modernize-*): this is C. */

/* The whole content of the allocated ELF section SLUICE_MANIFEST_SECTION (it survives strip). Plain bytes:
 * no pointer, no relocation. Texts are zero-terminated and zero-filled. */
typedef struct sluice_manifest {
  char magic[8];
  uint32_t size; /* sizeof(sluice_manifest) as the plugin compiled it */
  uint32_t abi_major;
  uint32_t abi_minor;
  char name[64];        /* must be the file's name without .so: [a-z][a-z0-9_]* */
  char version[32];     /* of the plugin: MAJOR.MINOR.PATCH */
  char sdk_version[32]; /* of the SDK it was built with */
} sluice_manifest;

/* ---- Values ---- */

typedef struct sluice_text {
  const char* data;
  size_t size;
} sluice_text;

/* One BSON value: the element's type byte and the bytes that would follow its name. type 0: no value. */
typedef struct sluice_value {
  uint8_t type;
  const uint8_t* data;
  size_t size;
} sluice_value;

typedef struct sluice_header {
  sluice_text name;
  sluice_text value; /* data is NULL where the record has a null */
} sluice_header;

typedef int32_t sluice_status; /* one of these; a number, so that rubbish can be told from them */
enum {
  SLUICE_OK = 0,
  SLUICE_REJECTED = 1,  /* this event or these options will never do; the report says why */
  SLUICE_FAILED = 2,    /* a fault of the plugin itself, an exception it did not expect */
  SLUICE_RETRY = 3,     /* sinks alone: the other side is not to be had just now; try again later */
  SLUICE_UNREADABLE = 4 /* the payload could not be decoded; the engine knows the reason */
};

/* Where a callee leaves the text of an error; the engine copies it at once. */
typedef struct sluice_report {
  size_t size;
  void (*say)(struct sluice_report* report, sluice_text text);
  void* engine;
} sluice_report;

/* ---- The event ---- */

#define SLUICE_TIME_UNKNOWN INT64_MIN /* for times, in microseconds since 1970-01-01T00:00Z */

typedef struct sluice_event {
  size_t size;
  sluice_text id;             /* the outbox row's event id; empty where the format has none */
  sluice_text type;           /* "UserCreated" */
  sluice_text aggregate_type; /* may be empty */
  sluice_text aggregate_id;   /* may be empty */
  sluice_text topic;          /* where the record came from */
  int32_t partition;
  int64_t position;
  sluice_text key; /* the record's key; data is NULL where it has none */
  const sluice_header* headers;
  size_t header_count;
  int64_t created_us;       /* T0, when the outbox row was made */
  int64_t captured_us;      /* T1, when change capture saw it */
  sluice_text payload_json; /* the payload as it came, JSON */
  /* The payload as a BSON document, decoded at the first call and kept while the event is borrowed.
   * SLUICE_UNREADABLE when it is no JSON object: return it unchanged. Sinks may call it from their thread. */
  sluice_status (*payload)(const struct sluice_event* event, const uint8_t** document);
  void* engine;
} sluice_event;

/* ---- What a handler gives back: changes of documents ---- */

typedef enum sluice_change_kind {
  SLUICE_INSERT = 1,  /* a document that exists and that this event did not make is a conflict */
  SLUICE_REPLACE = 2, /* made if absent */
  SLUICE_PATCH = 3,   /* made if absent, unless SLUICE_WAIT_UNTIL_EXISTS */
  SLUICE_REMOVE = 4
} sluice_change_kind;

/* MongoDB's update operators, on dotted paths. */
typedef enum sluice_operator {
  SLUICE_SET = 1,
  SLUICE_SET_ON_INSERT = 2,
  SLUICE_UNSET = 3,
  SLUICE_INC = 4,
  SLUICE_MIN = 5,
  SLUICE_MAX = 6,
  SLUICE_PUSH = 7,
  SLUICE_ADD_TO_SET = 8,
  SLUICE_PULL = 9
} sluice_operator;

typedef enum sluice_condition_kind {
  SLUICE_SKIP_IF_CONTAINS = 1, /* the array at the path holds the value: the whole change is skipped */
  SLUICE_SKIP_IF_EXISTS = 2    /* the path is there; with an empty path: the document itself */
} sluice_condition_kind;

#define SLUICE_WAIT_UNTIL_EXISTS 1u /* flag of a patch */

typedef struct sluice_operation {
  uint32_t op; /* sluice_operator */
  sluice_text path;
  sluice_value value; /* none for SLUICE_UNSET */
} sluice_operation;

typedef struct sluice_condition {
  uint32_t kind; /* sluice_condition_kind */
  sluice_text path;
  sluice_value value;
} sluice_condition;

typedef struct sluice_change {
  size_t size;
  uint32_t kind;           /* sluice_change_kind */
  uint32_t flags;          /* SLUICE_WAIT_UNTIL_EXISTS */
  sluice_text collection;  /* a logical name: the pipeline's YAML maps it */
  sluice_value id;         /* text, int32, int64, whole double, object_id, binary or date */
  const uint8_t* document; /* insert and replace: a BSON document without _id; else NULL */
  size_t document_size;
  const sluice_operation* operations; /* patch */
  size_t operation_count;
  const sluice_condition* conditions; /* patch */
  size_t condition_count;
} sluice_change;

/* The engine's list of an event's changes. add checks and copies; on SLUICE_REJECTED the change was no valid
 * one: return that status, the engine has kept the reason. Several changes of one document become one. */
typedef struct sluice_changes {
  size_t size;
  sluice_status (*add)(struct sluice_changes* changes, const sluice_change* change);
  void* engine;
} sluice_changes;

/* ---- What a sink gives back: an outcome for each event of its batch ---- */

typedef struct sluice_delivery {
  size_t size;
  const sluice_event* event;
  sluice_status status; /* set by the sink: OK, REJECTED, FAILED or RETRY; the engine presets RETRY */
  sluice_report report; /* the reason, for all but OK */
} sluice_delivery;

/* ---- Options ---- */

typedef enum sluice_option_type {
  SLUICE_OPTION_TEXT = 1,
  SLUICE_OPTION_BOOLEAN = 2,
  SLUICE_OPTION_INTEGER = 3,  /* int64 */
  SLUICE_OPTION_NUMBER = 4,   /* double */
  SLUICE_OPTION_DURATION = 5, /* "20ms"; given as int64 microseconds */
  SLUICE_OPTION_BYTES = 6     /* "4MiB"; given as int64 */
} sluice_option_type;

typedef struct sluice_option_spec {
  size_t size;
  sluice_text name;
  uint32_t type;              /* sluice_option_type */
  sluice_text default_text;   /* as in YAML; data NULL: the option is required */
  uint32_t secret;            /* 1: never shown */
  sluice_text help;           /* one line */
  const sluice_text* choices; /* of a text: what it may be; none: anything */
  size_t choice_count;
} sluice_option_spec;

/* The options of one instance, checked against the specs. Each returns REJECTED for a name or type that the
 * plugin did not declare. Texts are borrowed until create returns. */
typedef struct sluice_options {
  size_t size;
  sluice_status (*text)(const struct sluice_options* options, sluice_text name, sluice_text* value);
  sluice_status (*integer)(const struct sluice_options* options, sluice_text name, int64_t* value);
  sluice_status (*number)(const struct sluice_options* options, sluice_text name, double* value);
  sluice_status (*boolean)(const struct sluice_options* options, sluice_text name, uint32_t* value);
  const void* engine;
} sluice_options;

/* ---- The plugin ---- */

typedef enum sluice_level {
  SLUICE_DEBUG = 1,
  SLUICE_INFO = 2,
  SLUICE_WARNING = 3,
  SLUICE_ERROR = 4
} sluice_level;

/* What the engine offers to the plugin's entry and to each instance: one that is given to create lives as
 * long as the instance, the entry's as long as the process uses the plugin. */
typedef struct sluice_host {
  size_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  void (*log)(const struct sluice_host* host, uint32_t level, sluice_text message); /* any thread */
  void* engine;
} sluice_host;

typedef enum sluice_component_kind {
  SLUICE_HANDLER = 1, /* pure: an event in, changes out; the engine batches, orders, retries, writes once */
  SLUICE_SINK = 2     /* does its own I/O: events in, outcomes out; at least once */
} sluice_component_kind;

typedef struct sluice_component {
  size_t size;
  sluice_text name;               /* [a-z][a-z0-9_]*, once in the plugin */
  uint32_t kind;                  /* sluice_component_kind */
  const sluice_text* event_types; /* what it is for; none: any */
  size_t event_type_count;
  const sluice_option_spec* const* options;
  size_t option_count;
  sluice_text help; /* one line */
  /* OK and an instance; or REJECTED or FAILED with a report: the pipeline does not start. */
  sluice_status (*create)(const sluice_options* options, const sluice_host* host, void** instance,
                          sluice_report* report);
  void (*destroy)(void* instance);
  /* A handler's: OK, REJECTED or FAILED with a report, UNREADABLE. Else NULL. */
  sluice_status (*handle)(void* instance, const sluice_event* event, sluice_changes* changes,
                          sluice_report* report);
  /* A sink's: sets each delivery's status. OK unless the sink itself failed: then the report says how and all
   * deliveries are tried again. Else NULL. */
  sluice_status (*deliver)(void* instance, sluice_delivery* const* deliveries, size_t count,
                           sluice_report* report);
} sluice_component;

typedef struct sluice_plugin {
  size_t size;
  sluice_text name; /* as in the manifest */
  sluice_text version;
  const sluice_component* const* components;
  size_t component_count;
} sluice_plugin;

/* The one symbol of a plugin. Returns static data; NULL is a refusal. */
#define SLUICE_PLUGIN_ENTRY "sluice_plugin_entry"
typedef const sluice_plugin* (*sluice_plugin_entry_fn)(const sluice_host* host);

/* NOLINTEND(modernize-*) */

#ifdef __cplusplus
}
#endif

#endif
