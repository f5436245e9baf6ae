package io.pactor.spring.boot4;

import io.pactor.spring.contract.MovingContract;

class Boot4EmbeddedTest extends MovingContract {}
