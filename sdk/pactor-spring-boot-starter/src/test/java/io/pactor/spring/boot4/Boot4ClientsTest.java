package io.pactor.spring.boot4;

import io.pactor.spring.contract.ClientsContract;

class Boot4ClientsTest extends ClientsContract {}
