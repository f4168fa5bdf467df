#include "core/document_id.hpp"
