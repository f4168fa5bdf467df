// The objects of libmongoc, each owned by one unique_ptr: no raw handle is kept anywhere.
#pragma once

#include <mongoc/mongoc.h>

#include <memory>

namespace sluice::engine::mongodb {

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* handle) const noexcept {
    destroy(handle);
  }
};

using UriHandle = std::unique_ptr<mongoc_uri_t, Destroy<mongoc_uri_destroy>>;
using PoolHandle = std::unique_ptr<mongoc_client_pool_t, Destroy<mongoc_client_pool_destroy>>;
using CollectionHandle = std::unique_ptr<mongoc_collection_t, Destroy<mongoc_collection_destroy>>;
using DatabaseHandle = std::unique_ptr<mongoc_database_t, Destroy<mongoc_database_destroy>>;
using CursorHandle = std::unique_ptr<mongoc_cursor_t, Destroy<mongoc_cursor_destroy>>;

}  // namespace sluice::engine::mongodb
