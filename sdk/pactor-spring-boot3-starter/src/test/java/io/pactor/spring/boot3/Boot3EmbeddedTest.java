package io.pactor.spring.boot3;

import io.pactor.spring.contract.EmbeddedContract;

class Boot3EmbeddedTest extends EmbeddedContract {}
