"""What people say beside the case at hand."""

GREETINGS = (
    "Hola. ¿Hay alguna novedad?",
    "Añado un dato: lo necesitamos también para el turno de tarde.",
    "Si hace falta que llame yo a alguien, dímelo.",
    "Perdona la insistencia: mañana nos vendría muy bien tenerlo.",
)
NEWS = (
    "Lo tengo yo. Te digo algo antes de mañana al mediodía.",
    "Estoy en ello: falta una pieza que llega el jueves.",
    "Mañana a primera hora paso por tu puesto.",
    "He hablado con el proveedor; contesta hoy.",
)
NOTES = (
    "Ojo, ya pasó algo parecido en octubre.",
    "Hablado por teléfono con quien la pide; está avisada.",
    "Si mañana no estoy, que la coja quien entre a las 7:00.",
)
THANKS = ("Perfecto, muchas gracias.", "Todo bien, gracias por la rapidez.", "Ya funciona. Gracias.")
APPROVALS = ("", "", "", "Adelante.", "De acuerdo, pero avisad antes de comprarlo.", "Sí: lo hablamos ayer en la reunión.")
WITHDRAWALS = ("Ya no hace falta.", "Lo hemos resuelto entre nosotros.", "Me he equivocado de servicio.", "")
DONE_AGAIN = "Revisado otra vez y probado contigo. Perdona la vuelta."
RAISED = "Hay clientes esperando por esto: sube un escalón."
ORDERED = "Pedido hoy: el proveedor da tres días."
PART = "Acceso a la carpeta con las voces del lector de pantalla"
DELAY = "Falta una pieza que llega pasado mañana: lo dejo hecho el mismo día."
