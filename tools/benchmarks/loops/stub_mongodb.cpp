// A server of MongoDB's protocol that keeps nothing: it answers `hello`, says of every write that all of it
// was done, and of every query that there is nothing. For the engine's own ceiling; see tools/bench.
//
//   stub_mongodb PORT_FILE      listens on a free port of 127.0.0.1 and writes its number to the file
#include <arpa/inet.h>
#include <bson/bson.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::int32_t op_reply = 1;
constexpr std::int32_t op_query = 2004;
constexpr std::int32_t op_msg = 2013;
constexpr std::size_t header_size = 16;
constexpr std::uint32_t more_to_come = 2;

std::int32_t int32_at(const std::uint8_t* bytes) {
  std::int32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

void append_int32(std::vector<std::uint8_t>& to, std::int32_t value) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
  to.insert(to.end(), bytes, bytes + sizeof value);
}

bool read_all(int socket, std::uint8_t* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(socket, to, size);
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(int socket, const std::vector<std::uint8_t>& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = ::send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (put <= 0) return false;
    at += static_cast<std::size_t>(put);
  }
  return true;
}

// A command: its document, and how many documents came beside it.
struct Command {
  const std::uint8_t* body = nullptr;
  std::int32_t documents = 0;
  bool answered = true;
};

Command read_message(const std::vector<std::uint8_t>& message) {
  Command command;
  const std::uint8_t* at = message.data();
  const std::uint8_t* end = at + message.size();
  command.answered = (static_cast<std::uint32_t>(int32_at(at)) & more_to_come) == 0;
  at += 4;
  while (at < end) {
    const std::uint8_t kind = *at++;
    const std::int32_t size = int32_at(at);
    if (kind == 0) {
      command.body = at;
    } else {
      const std::uint8_t* document = at + 4 + std::strlen(reinterpret_cast<const char*>(at + 4)) + 1;
      for (; document < at + size; document += int32_at(document)) ++command.documents;
    }
    at += size;
  }
  return command;
}

void append_hello(bson_t& reply, const std::string& address) {
  BSON_APPEND_BOOL(&reply, "ismaster", true);
  BSON_APPEND_BOOL(&reply, "isWritablePrimary", true);
  BSON_APPEND_BOOL(&reply, "helloOk", true);
  BSON_APPEND_UTF8(&reply, "setName", "stub");
  bson_t hosts;
  BSON_APPEND_ARRAY_BEGIN(&reply, "hosts", &hosts);
  BSON_APPEND_UTF8(&hosts, "0", address.c_str());
  bson_append_array_end(&reply, &hosts);
  BSON_APPEND_UTF8(&reply, "me", address.c_str());
  BSON_APPEND_INT32(&reply, "minWireVersion", 0);
  BSON_APPEND_INT32(&reply, "maxWireVersion", 17);
  BSON_APPEND_INT32(&reply, "maxBsonObjectSize", 16 * 1024 * 1024);
  BSON_APPEND_INT32(&reply, "maxMessageSizeBytes", 48'000'000);
  BSON_APPEND_INT32(&reply, "maxWriteBatchSize", 100'000);
  BSON_APPEND_INT32(&reply, "logicalSessionTimeoutMinutes", 30);
}

void answer(const Command& command, const std::string& address, bson_t& reply) {
  bson_t body;
  bson_iter_t first;
  if (!bson_init_static(&body, command.body, static_cast<std::size_t>(int32_at(command.body))) ||
      !bson_iter_init(&first, &body) || !bson_iter_next(&first))
    return;
  const std::string_view name = bson_iter_key(&first);
  if (name == "hello" || name == "ismaster" || name == "isMaster") {
    append_hello(reply, address);
  } else if (name == "insert" || name == "update" || name == "delete") {
    std::int32_t count = command.documents;
    bson_iter_t list;
    for (const char* field : {"documents", "updates", "deletes"})
      if (bson_iter_init_find(&list, &body, field)) {
        bson_iter_t element;
        for (bson_iter_recurse(&list, &element); bson_iter_next(&element);) ++count;
      }
    BSON_APPEND_INT32(&reply, "n", count);
    if (name == "update") BSON_APPEND_INT32(&reply, "nModified", count);
  } else if (name == "find" || name == "aggregate" || name == "listIndexes" || name == "listCollections") {
    bson_t cursor;
    bson_t batch;
    BSON_APPEND_DOCUMENT_BEGIN(&reply, "cursor", &cursor);
    BSON_APPEND_INT64(&cursor, "id", 0);
    BSON_APPEND_UTF8(&cursor, "ns", "stub.nothing");
    BSON_APPEND_ARRAY_BEGIN(&cursor, "firstBatch", &batch);
    bson_append_array_end(&cursor, &batch);
    bson_append_document_end(&reply, &cursor);
  } else if (name == "distinct") {
    bson_t values;
    BSON_APPEND_ARRAY_BEGIN(&reply, "values", &values);
    bson_append_array_end(&reply, &values);
  }
  BSON_APPEND_DOUBLE(&reply, "ok", 1.0);
}

bool serve_one(int socket, const std::string& address, std::vector<std::uint8_t>& message,
               std::vector<std::uint8_t>& out) {
  std::uint8_t header[header_size];
  if (!read_all(socket, header, sizeof header)) return false;
  const std::int32_t request = int32_at(header + 4);
  const std::int32_t kind = int32_at(header + 12);
  message.resize(static_cast<std::size_t>(int32_at(header)) - header_size);
  if (!read_all(socket, message.data(), message.size())) return false;
  Command command;
  if (kind == op_msg) {
    command = read_message(message);
  } else if (kind == op_query) {
    command.body =
        message.data() + 4 + std::strlen(reinterpret_cast<const char*>(message.data() + 4)) + 1 + 8;
  } else {
    return false;
  }
  if (!command.answered) return true;

  bson_t reply = BSON_INITIALIZER;
  answer(command, address, reply);
  const std::uint8_t* bytes = bson_get_data(&reply);
  out.clear();
  const std::size_t extra = kind == op_msg ? 5 : 20;
  append_int32(out, static_cast<std::int32_t>(header_size + extra + reply.len));
  append_int32(out, 1);
  append_int32(out, request);
  append_int32(out, kind == op_msg ? op_msg : op_reply);
  if (kind == op_msg) {
    append_int32(out, 0);
    out.push_back(0);
  } else {
    for (const std::int32_t field : {8, 0, 0, 0, 1})
      append_int32(out, field);  // flags, cursor (8), start, count
  }
  out.insert(out.end(), bytes, bytes + reply.len);
  bson_destroy(&reply);
  return write_all(socket, out);
}

void serve(int socket, const std::string& address) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::vector<std::uint8_t> message;
  std::vector<std::uint8_t> out;
  while (serve_one(socket, address, message, out)) {
  }
  ::close(socket);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&where), size) != 0 || ::listen(listener, 64) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    return 1;
  const std::string port = std::to_string(ntohs(where.sin_port));
  std::FILE* file = std::fopen(argv[1], "w");
  if (file == nullptr || std::fputs(port.c_str(), file) < 0 || std::fclose(file) != 0) return 1;
  const std::string address = "127.0.0.1:" + port;
  for (;;) {
    const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return 1;
    std::thread(serve, socket, address).detach();
  }
}
