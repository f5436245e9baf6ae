package io.pactor.spring.boot4;

import io.pactor.spring.contract.EmbeddedContract;

class Boot4EmbeddedTest extends EmbeddedContract {}
