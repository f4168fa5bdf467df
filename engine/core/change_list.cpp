#include "core/handler.hpp"
