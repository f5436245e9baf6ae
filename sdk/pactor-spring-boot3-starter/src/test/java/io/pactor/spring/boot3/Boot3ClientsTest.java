package io.pactor.spring.boot3;

import io.pactor.spring.contract.ClientsContract;

class Boot3ClientsTest extends ClientsContract {}
