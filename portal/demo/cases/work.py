"""What people ask of Operaciones, Atención al cliente, Instalaciones and Compras."""

from portal.demo.telling import Case

OFF_ROUTE, DOCK, PEOPLE, LOST = (
    "Recogida o entrega fuera de ruta",
    "Hueco en muelle",
    "Refuerzo de turno",
    "Buscar un bulto perdido",
)
REFUND, LANGUAGE, FIGURES = (
    "Reclamación con abono",
    "Respuesta a un cliente en otra lengua",
    "Datos de un cliente para una visita",
)
FAULT, FURNITURE = "Avería del edificio", "Mobiliario y ergonomía"
CLIMATE, PARKING = "Temperatura, ruido o limpieza", "Plaza de aparcamiento o taquilla"
SUPPLIES, TRIP = "Compra de material", "Viaje de trabajo"

CASES = (
    Case(
        OFF_ROUTE,
        {"kind": "pickup", "place": "Cerámicas del Jalón, Épila", "moment": "+2 11:00", "parcels": "14", "special": ("lift",)},
        "Recogido a las 11:25, catorce bultos. Sale esta noche para Vigo.",
        ask="¿Hay carretilla en el cliente o llevamos transpaleta?",
        reply="No tienen carretilla.",
        by=("employee", "improver", "irati.mendiola"),
    ),
    Case(
        OFF_ROUTE,
        {"kind": "delivery", "place": "Farmacia Lasarte, Vitoria", "moment": "+1 8:30", "parcels": "3", "special": ("cold", "adr"), "un_number": "UN 1987", "charge": "86,40"},
        "Entregado a las 8:50 con registro de temperatura.",
        note="Conductor con ADR: Figueiredo.",
        by=("sara.otero", "employee", "partner"),
    ),
    Case(DOCK, {"site": "zal", "moment": "+4 7:00", "what": "unload", "pallets": "33", "plate": "{plate}"}, "Muelle {dock}, de 7:00 a 8:30.", by=("partner", "hugo.novoa", "jordi.serra")),
    Case(
        DOCK,
        {"site": "getafe", "moment": "+2 16:00", "what": "load", "pallets": "12"},
        "Muelle {dock} a las 16:00.",
        ask="¿Puede ser a las 17:00? A las 16:00 entra la cadena de supermercados.",
        reply="A las 17:00 nos va bien.",
        by=("partner", "employee", "lorena.pardo"),
    ),
    Case(
        PEOPLE,
        {"site": "getafe", "first": "+12", "last": "+40", "people": "14", "skills": ("picking", "forklift"), "reason": "Campaña de Navidad: la previsión es un 38 % más que el año pasado."},
        "Catorce personas desde el día 7, con formación la primera mañana.",
        ask="¿Cuántas de las catorce en el turno de noche?",
        reply="Seis, y con carretilla cuatro de ellas.",
        refusal="Con los turnos nuevos bastan ocho; vuelve a pedirlo con el cuadrante.",
        by=("employee2", "miren.aranburu", "francisco.santamaria"),
    ),
    Case(
        LOST,
        {"code": "{code}", "last_scan": "-3", "site": "getafe", "looks": "Caja marrón de 40 por 60 con cinta azul.", "customers": "yes"},
        "Estaba en la jaula de devoluciones, sin etiqueta. Sale hoy para el cliente.",
        note="Otra etiqueta despegada por el frío. Van cinco esta semana.",
        ask="¿Pesa más o menos de diez kilos?",
        reply="Unos seis.",
        by=("employee", "sara.otero", "adria.puigdomenech", "joana.pires"),
    ),
    Case(LOST, {"code": "{code}", "last_scan": "-6", "site": "zal", "looks": "Tubo de cartón de dos metros.", "customers": "no"}, "No aparece después de buscar dos días. Ábrele reclamación.", by=("improver", "employee")),
    Case(
        REFUND,
        {"code": "{code}", "why": "damaged", "damage": "Cuatro de las doce botellas rotas y la caja mojada.", "sum": "184,50", "regular": "yes"},
        "Abono emitido; el cliente lo ve en cinco días.",
        ask="¿Tienes foto de la caja por fuera?",
        reply="Sí, la adjunto.",
        refusal="El albarán lleva la firma «conforme»: sin foto de la caja no podemos abonar.",
        by=("employee", "adria.puigdomenech", "employee2", "delegate"),
    ),
    Case(REFUND, {"code": "{code}", "why": "late", "sum": "42", "regular": "no"}, "Abonados los portes.", refusal="Llegó dentro del plazo contratado; he llamado yo al cliente.", by=("employee", "delegate", "adria.puigdomenech")),
    Case(
        LANGUAGE,
        {"language": "pt", "message": "Bom dia, a encomenda devia ter chegado na sexta-feira. Onde está?", "answer": "Está en Vigo; sale mañana. Le devolvemos los portes."},
        "Enviado al cliente en portugués, con copia para ti.",
        by=("employee", "adria.puigdomenech", "arnau.vila"),
    ),
    Case(LANGUAGE, {"language": "fr", "message": "Le quai était fermé quand notre camion est arrivé.", "answer": "Pedimos disculpas y damos otro hueco mañana."}, "Contestado; han aceptado el hueco de las 9:00.", by=("noa.iglesias", "andres.lozano")),
    Case(FIGURES, {"account": "Lusovendas", "visit": "+8", "figures": ("volume", "times", "claims")}, "Informe adjunto, con una página de resumen.", ask="¿Solo Portugal o también Galicia?", reply="Las dos.", by=("employee", "head", "josu.garmendia")),
    Case(
        FAULT,
        {"what": "Gotera encima del pasillo 14", "site": "zaragoza", "place": "Nave 2, pasillo 14", "danger": "yes", "done": "Hemos cortado el paso y puesto cubos."},
        "Sellada la junta del tejado. El seguro revisa el resto el lunes.",
        note="Misma junta que en marzo: pedir presupuesto de cubierta.",
        again="Con la lluvia de anoche vuelve a gotear, un metro más allá.",
    ),
    Case(
        FAULT,
        {"what": "La puerta del muelle {dock} no cierra", "site": "getafe", "place": "Muelle {dock}", "danger": "no"},
        "Cambiado el muelle de torsión. Cierra sola.",
        ask="¿Se queda a medias o no baja nada?",
        reply="Baja hasta la mitad y se para.",
        note="Tercera avería de esta puerta en dos meses.",
    ),
    Case(FAULT, {"what": "Media planta sin luz", "site": "bilbao", "place": "Planta 1, lado oeste", "danger": "no"}, "Era un diferencial. Repuesto."),
    Case(
        FURNITURE,
        {"what": "chair", "desk": "Zaragoza-PLAZA, puesto {desk}", "study": "yes", "reason": "El respaldo se ha roto y se va hacia atrás."},
        "Silla nueva en tu puesto. Si la altura no te va, pasa por aquí y la ajustamos.",
        refusal="Instalaciones ya tiene dos libres: pasa a probarlas antes de pedir una nueva.",
    ),
    Case(FURNITURE, {"what": "stand", "desk": "Vigo, puesto {desk}", "reason": "Trabajo con tres pantallas."}, "Puesto."),
    Case(CLIMATE, {"what": "cold", "place": "Atención al cliente, junto a la ventana", "details": "A primera hora, hasta las 10:00."}, "Adelantado el encendido a las 6:30.", again="Sigue haciendo frío los lunes."),
    Case(CLIMATE, {"what": "noise", "place": "Sala Ebro", "details": "El extractor se oye en las reuniones."}, "Cambiado el rodamiento del extractor.", ask="¿Todo el día o solo por la tarde?", reply="Solo por la tarde."),
    Case(PARKING, {"what": "charger", "plate": "{plate}", "site": "zaragoza", "permanent": "no", "until": "+90"}, "Plaza 31, con cargador. La tarjeta ya la abre."),
    Case(PARKING, {"what": "locker", "site": "getafe", "permanent": "yes"}, "Taquilla 118. La llave está en Recepción."),
    Case(
        SUPPLIES,
        {"what": "Auriculares para tres puestos", "count": "3", "sum": "268,20", "cost_centre": "ac03", "reason": "Los actuales tienen el micrófono roto."},
        "Llegan el miércoles a Recepción.",
        refusal="Informática tiene cuatro iguales sin usar: pídeselos a Iker.",
        correction=("sum", "El presupuesto dice 298,20 €: corrígelo y lo apruebo."),
        by=("employee", "delegate", "head", "joana.pires"),
    ),
    Case(
        SUPPLIES,
        {"what": "Chalecos reflectantes", "count": "60", "sum": "534", "cost_centre": "op01", "supplier": "Vestuario Ebro", "reason": "Para el refuerzo de Navidad."},
        "Entregados 60 en Getafe, tallas M y L.",
        ask="¿Cuántos de cada talla?",
        reply="Veinte M y cuarenta L.",
        by=("employee2", "miren.aranburu", "josu.garmendia"),
    ),
    Case(
        TRIP,
        {"to": "Oporto", "leave": "+15", "return": "+16", "needs": ("train", "hotel"), "reason": "Visita trimestral a Lusovendas."},
        "Billetes y hotel en el adjunto. El tren sale a las 9:12.",
        ask="¿Habitación individual o vais dos?",
        reply="Individual.",
        refusal="Júntalo con la visita de enero: en diciembre ya van dos personas.",
        by=("joana.pires", "head", "employee"),
    ),
    Case(
        TRIP,
        {"to": "Milán, feria Logistica", "leave": "+50", "return": "+53", "needs": ("flight", "hotel"), "why_flight": "En tren son dieciséis horas.", "reason": "Tres citas con proveedores de clasificadoras."},
        "Vuelo reservado y hotel a diez minutos de la feria.",
        by=("hugo.novoa", "josu.garmendia", "uxia.lourido"),
    ),
)  # fmt: skip
