package io.pactor.spring.boot41;

import io.pactor.spring.contract.EmbeddedContract;

class Boot41EmbeddedTest extends EmbeddedContract {}
